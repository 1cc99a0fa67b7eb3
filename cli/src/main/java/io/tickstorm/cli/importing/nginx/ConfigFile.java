package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Line;
import io.tickstorm.cli.importing.draft.Report;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.UnreadableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The directives of a file, with those of the files that it includes in the place of {@code include}. */
final class ConfigFile {
    private static final int MOST_NESTED = 20;

    private final Report report;
    private final @Nullable Path folder;
    private final String file;
    private final int depth;
    private final List<Tokens.Token> tokens;
    private int at;

    private ConfigFile(String text, String file, @Nullable Path folder, Report report, int depth)
            throws UnreadableException {
        this.tokens = Tokens.of(text, file);
        this.file = file;
        this.folder = folder;
        this.report = report;
        this.depth = depth;
    }

    /** @param folder to which included files are relative; null = they are not read */
    static List<Directive> read(String text, String file, @Nullable Path folder, Report report)
            throws UnreadableException {
        return read(text, file, folder, report, 0);
    }

    private static List<Directive> read(String text, String file, @Nullable Path folder, Report report, int depth)
            throws UnreadableException {
        var read = new ConfigFile(text, file, folder, report, depth);
        var directives = read.block(0);
        if (read.at < read.tokens.size()) {
            throw new UnreadableException(file, read.tokens.get(read.at).line(), "} (expected: a { before it)");
        }
        return directives;
    }

    private List<Directive> block(int nested) throws UnreadableException {
        var directives = new ArrayList<Directive>();
        while (at < tokens.size() && !sign("}")) {
            directives.addAll(directive(nested));
        }
        return directives;
    }

    private boolean sign(String text) {
        return tokens.get(at).sign() && tokens.get(at).text().equals(text);
    }

    private List<Directive> directive(int nested) throws UnreadableException {
        var first = tokens.get(at);
        var words = new ArrayList<String>();
        while (at < tokens.size() && !tokens.get(at).sign()) {
            words.add(tokens.get(at++).text());
        }
        if (at == tokens.size() || words.isEmpty() || sign("}") || nested > MOST_NESTED) {
            throw new UnreadableException(
                    file, first.line(), String.join(" ", words) + " (expected: words, then ; or a block)");
        }
        boolean opens = sign("{");
        at++;
        var text = words.stream().map(ConfigFile::shown).collect(Collectors.joining(" ")) + (opens ? " {" : "");
        var said = new Said(new Line(file, first.line(), text), words, report);
        if (!opens) {
            return said.name().equals("include") ? included(said) : List.of(new Directive(said, List.of()));
        }
        var children = block(nested + 1);
        if (at == tokens.size()) {
            throw new UnreadableException(file, first.line(), text + " (expected: a } that ends it)");
        }
        at++;
        return List.of(new Directive(said, children));
    }

    private static String shown(String word) {
        var plain = word.replaceAll("\\s", " ");
        return plain.isEmpty() || plain.contains(" ") ? '"' + plain + '"' : plain;
    }

    private List<Directive> included(Said said) throws UnreadableException {
        var pattern = said.word(1);
        if (pattern.endsWith("mime.types")) {
            said.unneeded("servers say what their answers are");
            return List.of();
        }
        var files = folder == null || depth > MOST_NESTED
                ? List.<Path>of()
                : files(folder.resolve(pattern).normalize());
        if (files.isEmpty()) {
            if (pattern.contains("*")) {
                said.unneeded("no file fits");
            } else {
                said.lost("there is no such file here: " + pattern);
            }
            return List.of();
        }
        var directives = new ArrayList<Directive>();
        for (var included : files) {
            try {
                directives.addAll(read(Files.readString(included), included.toString(), folder, report, depth + 1));
                said.carried("read");
            } catch (IOException e) {
                said.lost(included + ": cannot be read: " + e.getMessage());
            }
        }
        return directives;
    }

    private static List<Path> files(Path pattern) {
        var name = pattern.getFileName();
        var parent = pattern.getParent();
        if (name == null || parent == null || !pattern.toString().contains("*")) {
            return Files.isRegularFile(pattern) ? List.of(pattern) : List.of();
        }
        try (var found = Files.newDirectoryStream(parent, name.toString())) {
            var files = new ArrayList<Path>();
            found.forEach(files::add);
            return files.stream().filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
