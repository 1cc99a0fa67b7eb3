package io.tickstorm.cli;

import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.settings.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tickstorm check FILE}: judges with the readers that the proxy and the operator have. */
@Command(
        name = "check",
        description = {
            "Judge proxy configurations and TickStormCluster resources by the readers that proxy and operator use.",
            "Prints every problem as FILE:LINE: PATH: VALUE (expected: ...)."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no problem", "1:a file cannot be read", "2:problems were found, or the command line is wrong"
        })
final class CheckCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "A file; - for standard input.")
    private List<String> files = List.of();

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing about files without problems.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException {
        var problems = false;
        for (var file : files) {
            problems |= !check(file);
        }
        return problems ? Main.NOT_UNDERSTOOD : Main.DONE;
    }

    private boolean check(String file) throws IOException {
        var source = file.equals(STANDARD_INPUT) ? "standard input" : file;
        var judged = judge(text(file), source);
        judged.problems().forEach(System.err::println);
        if (judged.problems().isEmpty() && !quiet) {
            System.out.println(source + ": " + judged.what() + ", no problem");
        }
        return judged.problems().isEmpty();
    }

    /**
     * What a text is, and what is wrong with it.
     *
     * @param problems one line each
     */
    record Judged(String what, List<String> problems) {}

    static Judged judge(String text, String source) {
        var shape = Yaml.read(text, source);
        if (shape.has("kind") || shape.has("apiVersion")) {
            return switch (ClusterReader.read(text, source)) {
                case ClusterReader.Reading.Accepted(var cluster) ->
                    new Judged("TickStormCluster " + cluster.getMetadata().getName(), List.of());
                case ClusterReader.Reading.Refused(var problems) ->
                    new Judged(
                            "TickStormCluster",
                            problems.stream().map(problem -> problem.in(source)).toList());
            };
        }
        return switch (ProxyConfig.read(text, source)) {
            case ConfigResult.Valid(var config) ->
                new Judged(
                        "proxy configuration with "
                                + Counts.of(config.listeners().size(), "listener") + " and "
                                + Counts.of(config.backends().size(), "backend"),
                        List.of());
            case ConfigResult.Invalid invalid -> new Judged("proxy configuration", invalid.messages());
        };
    }

    private static String text(String file) throws IOException {
        return file.equals(STANDARD_INPUT)
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : Files.readString(Path.of(file));
    }
}
