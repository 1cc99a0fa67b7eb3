package io.tickstorm.cli;

import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.settings.Yaml;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tickstorm check FILE}: judges with the readers that the proxy and the operator have. */
@Command(
        description = {
            "Judge proxy configurations and TickStormCluster resources.",
            "By the readers that proxy and operator use. Prints every problem as FILE:LINE: PATH: VALUE (expected: ...)."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no problem", "1:a file cannot be read", "2:problems were found, or the command line is wrong"
        })
final class CheckCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "FILE", description = "A file; - for standard input.")
    private List<String> files = List.of();

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "The same, for fingers that are used to kubectl; may be repeated.")
    private List<String> named = List.of();

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing about files without problems.")
    private boolean quiet;

    @Mixin
    private Form form = new Form();

    @Override
    public Integer call() throws IOException {
        var all = Stream.concat(files.stream(), named.stream()).toList();
        if (all.isEmpty()) {
            System.err.println(
                    "tickstorm check: FILE: missing (expected: a proxy configuration or a TickStormCluster)");
            return Main.NOT_UNDERSTOOD;
        }
        var problems = false;
        var trees = new ArrayList<Map<String, Object>>();
        for (var file : all) {
            var source = new Source(file);
            var judged = judge(source.text(), source.name());
            problems |= !judged.problems().isEmpty();
            trees.add(judged.tree(source.name()));
            if (form.text()) {
                tell(source.name(), judged);
            }
        }
        if (!form.text()) {
            System.out.print(form.output().write(Map.of("files", trees)));
        }
        return problems ? Main.NOT_UNDERSTOOD : Main.DONE;
    }

    private void tell(String source, Judged judged) {
        judged.problems().forEach(System.err::println);
        if (judged.problems().isEmpty() && !quiet) {
            System.out.println(source + ": " + judged.what() + ", no problem");
        }
    }

    /**
     * What a text is, and what is wrong with it.
     *
     * @param problems one line each
     */
    record Judged(String what, List<String> problems) {
        Map<String, Object> tree(String source) {
            var tree = new LinkedHashMap<String, Object>();
            tree.put("file", source);
            tree.put("what", what);
            tree.put("problems", problems);
            return tree;
        }
    }

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
}
