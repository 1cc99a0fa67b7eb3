package io.tickstorm.cli;

import io.tickstorm.cli.importing.Format;
import io.tickstorm.cli.importing.Imported;
import io.tickstorm.cli.importing.draft.Finding;
import io.tickstorm.cli.importing.draft.UnreadableException;
import io.tickstorm.cli.importing.draft.Verdict;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tickstorm import FILE}. */
@Command(
        description = {
            "Make a configuration of the proxy, or a TickStormCluster, of a configuration of HAProxy or nginx.",
            "Standard error tells of each directive, by file and line, whether it is carried over, not needed, different in",
            "meaning or not carried over, and what comes nearest. What is written is accepted by tickstorm check.",
            "Environment variables that the file names are those of this process."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:written; everything is carried over or not needed, or different in meaning without --strict",
            "1:a file cannot be read or written",
            "2:the command line is wrong, the file breaks its grammar, or nothing in it can be a listener",
            "3:written, but something is not carried over, or with --strict different in meaning"
        })
final class ImportCommand implements Callable<Integer> {
    /** How the report is written. */
    enum ReportFormat {
        TEXT,
        JSON
    }

    @Parameters(paramLabel = "FILE", description = "haproxy.cfg, nginx.conf; - for standard input.")
    private String file = Source.STANDARD_INPUT;

    @Option(
            names = "--from",
            paramLabel = "FORMAT",
            description = "haproxy or nginx; otherwise what the text looks like.")
    private @Nullable Format from;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "Write a TickStormCluster of this name; its servers stay where they are.")
    private @Nullable String cluster;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write; otherwise standard output.")
    private @Nullable Path output;

    @Option(names = "--report", paramLabel = "FORMAT", description = "text or json (${DEFAULT-VALUE}).")
    private ReportFormat report = ReportFormat.TEXT;

    @Option(names = "--strict", description = "Exit 3 also if something differs in meaning.")
    private boolean strict;

    @Override
    public Integer call() throws IOException {
        var source = new Source(file);
        var text = source.text();
        var format = Optional.ofNullable(from).or(() -> Format.of(text));
        if (format.isEmpty()) {
            return refuse(file + ": neither of HAProxy nor of nginx, by its look (--from says which)");
        }
        var input = new Imported.Input(text, source.name(), source.folder(), System.getenv(), cluster);
        try {
            return tell(Imported.of(input, format.get()), source.name());
        } catch (UnreadableException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
    }

    private static int refuse(String why) {
        System.err.println("tickstorm import: " + why);
        return Main.NOT_UNDERSTOOD;
    }

    private int tell(Imported imported, String name) throws IOException {
        System.err.println(
                switch (report) {
                    case TEXT -> text(imported, name);
                    case JSON -> json(imported, name).encodePrettily();
                });
        if (imported.text().isEmpty()) {
            return refuse(name + ": nothing in it can be a listener with somebody to send to; nothing is written");
        }
        if (output == null) {
            System.out.print(imported.text().get());
        } else {
            Files.writeString(output, imported.text().get());
        }
        boolean complete = imported.report().count(Verdict.LOST) == 0
                && !(strict && imported.report().count(Verdict.DIFFERS) > 0);
        return complete ? Main.DONE : Main.NOT_WELL;
    }

    private static String text(Imported imported, String name) {
        var findings =
                imported.report().findings().stream().map(Finding::toString).collect(Collectors.joining("\n"));
        return findings + "\n" + name + " (" + imported.format().people() + "): "
                + Counts.of(imported.report().findings().size(), "directive") + ": "
                + Arrays.stream(Verdict.values())
                        .map(verdict -> imported.report().count(verdict) + " " + verdict.plural())
                        .collect(Collectors.joining(", "));
    }

    private static JsonObject json(Imported imported, String name) {
        var directives = new JsonArray();
        for (var finding : imported.report().findings()) {
            directives.add(new JsonObject()
                    .put("file", finding.line().file())
                    .put("line", finding.line().number())
                    .put("directive", finding.line().text())
                    .put("verdict", finding.verdict().name())
                    .put("note", finding.note()));
        }
        var counts = new JsonObject();
        for (var verdict : Verdict.values()) {
            counts.put(verdict.name(), imported.report().count(verdict));
        }
        return new JsonObject()
                .put("file", name)
                .put("format", imported.format().name())
                .put("counts", counts)
                .put("directives", directives);
    }
}
