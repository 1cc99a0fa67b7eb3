package io.tickstorm.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link Choosing} and prints its result as the table of {@code docs/performance.md}. */
public final class ChoosingTable {
    /** As the profiler names it. */
    private static final String BYTES_PER_PICK = "gc.alloc.rate.norm";

    private ChoosingTable() {}

    /** @param arguments those of JMH, for example {@code -p policy=Random} */
    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
        var options = new OptionsBuilder()
                .parent(new CommandLineOptions(arguments))
                .include(Choosing.class.getName())
                .addProfiler(GCProfiler.class)
                .build();
        var byPolicy = new LinkedHashMap<String, Map<Integer, RunResult>>();
        for (var result : new Runner(options).run()) {
            var name = result.getParams().getParam("policy") + ", "
                    + result.getPrimaryResult().getLabel();
            byPolicy.computeIfAbsent(name, policy -> new TreeMap<>())
                    .put(Integer.valueOf(result.getParams().getParam("endpoints")), result);
        }
        System.out.println();
        System.out.println(table(byPolicy));
    }

    private static String table(Map<String, Map<Integer, RunResult>> byPolicy) {
        var lines = new ArrayList<String>();
        for (var policy : byPolicy.entrySet()) {
            var runs = policy.getValue();
            if (lines.isEmpty()) {
                lines.add(row(
                        "policy",
                        runs.keySet().stream().map(String::valueOf).toList(),
                        "dearest to cheapest",
                        "bytes"));
                lines.add(row("---", runs.keySet().stream().map(size -> "---:").toList(), "---:", "---:"));
            }
            var nanos = runs.values().stream().map(ChoosingTable::median).toList();
            var cheapest = nanos.stream().mapToDouble(time -> time).min().orElse(0);
            var dearest = nanos.stream().mapToDouble(time -> time).max().orElse(0);
            var bytes = runs.values().stream()
                    .mapToDouble(ChoosingTable::bytes)
                    .max()
                    .orElse(0);
            lines.add(row(
                    policy.getKey(),
                    nanos.stream().map(time -> format("%.0f", time)).toList(),
                    format("%.1f", dearest / cheapest),
                    format("%.2f", bytes)));
        }
        return String.join("\n", lines);
    }

    private static String row(String first, List<String> cells, String... last) {
        return "| " + first + " | " + cells.stream().collect(Collectors.joining(" | ")) + " | "
                + String.join(" | ", last) + " |";
    }

    private static double median(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(50) / Choosing.PICKS;
    }

    private static double bytes(RunResult result) {
        var allocated = result.getSecondaryResults().get(BYTES_PER_PICK);
        return allocated == null ? Double.NaN : allocated.getScore() / Choosing.PICKS;
    }

    private static String format(String pattern, double number) {
        return String.format(Locale.ROOT, pattern, number);
    }
}
