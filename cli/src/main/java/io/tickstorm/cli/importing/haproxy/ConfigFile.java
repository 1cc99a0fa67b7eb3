package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.Line;
import io.tickstorm.cli.importing.draft.Report;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.UnreadableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sections of a file, in their order. */
final class ConfigFile {
    /** The first words of lines that begin a section. */
    static final Set<String> SECTIONS = Set.of(
            "global",
            "defaults",
            "frontend",
            "backend",
            "listen",
            "peers",
            "resolvers",
            "userlist",
            "mailers",
            "cache",
            "program",
            "http-errors",
            "ring",
            "fcgi-app",
            "log-forward",
            "crt-store",
            "traces");

    private final String file;
    private final Report report;
    private final Map<String, String> environment;
    private final List<Section> sections = new ArrayList<>();
    private final Map<String, Section> defaults = new LinkedHashMap<>();
    private @Nullable Section latestDefaults;

    private ConfigFile(String file, Report report, Map<String, String> environment) {
        this.file = file;
        this.report = report;
        this.environment = new HashMap<>(environment);
    }

    static List<Section> read(String text, String file, Report report, Map<String, String> environment)
            throws UnreadableException {
        var read = new ConfigFile(file, report, environment);
        int number = 0;
        for (var line : text.split("\\R", -1)) {
            read.line(line, ++number);
        }
        return List.copyOf(read.sections);
    }

    private void line(String text, int number) throws UnreadableException {
        var words = Words.of(text, file, number, environment);
        if (words.isEmpty()) {
            return;
        }
        var said = new Said(new Line(file, number, text.strip().replaceAll("\\s+", " ")), words, report);
        if (said.name().startsWith(".")) {
            said.lost(
                    said.name().matches("\\.(if|elif|else|endif)")
                            ? "conditions are not evaluated: what is between them counts"
                            : "says nothing to the importer");
        } else if (SECTIONS.contains(said.name())) {
            begin(said);
        } else if (sections.isEmpty()) {
            throw new UnreadableException(
                    file, number, said.name() + " (expected: a section before it, such as global or frontend)");
        } else {
            add(said);
        }
    }

    private void begin(Said header) {
        var from = header.after("from").map(defaults::get).orElse(latestDefaults);
        var section = new Section(header, from, new ArrayList<>());
        if (header.name().equals("defaults")) {
            section =
                    new Section(header, header.after("from").map(defaults::get).orElse(null), new ArrayList<>());
            latestDefaults = section;
            if (header.words().size() > 1) {
                defaults.put(header.word(1), section);
            }
        }
        sections.add(section);
    }

    private void add(Said said) {
        var section = sections.getLast();
        section.lines().add(said);
        if (section.kind().equals("global") && said.words().size() > 2) {
            switch (said.name()) {
                case "setenv" -> environment.put(said.word(1), said.word(2));
                case "presetenv" -> environment.putIfAbsent(said.word(1), said.word(2));
                default -> {}
            }
        }
    }
}
