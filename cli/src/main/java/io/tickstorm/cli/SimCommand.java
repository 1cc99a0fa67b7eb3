package io.tickstorm.cli;

import io.tickstorm.proxy.sim.Comparison;
import io.tickstorm.proxy.sim.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tickstorm sim}: plays scenarios with every policy, in virtual time. */
@Command(
        description = {
            "Compare the balancing policies in virtual time, by the very classes that carry traffic.",
            "Prints a table for each scenario: what the server got that got the least and the one that got the most, as parts of",
            "a fair share; latencies of what was answered; requests that failed; attempts for each request."
        },
        mixinStandardHelpOptions = true)
final class SimCommand implements Callable<Integer> {
    /** The names for help and completion. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Names() {
            super(Arrays.stream(Scenario.values()).map(Scenario::toString).toList());
        }
    }

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = "One of ${COMPLETION-CANDIDATES}; may be repeated. Without it, all.")
    private List<String> names = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Where chance begins; the same one gives the same numbers (${DEFAULT-VALUE}).")
    private long seed = Comparison.SEED;

    @Option(
            names = "--write",
            paramLabel = "FILE",
            description = "Replace the tables in this page, between its two marks, instead of printing them.")
    private @Nullable Path page;

    @Override
    public Integer call() throws IOException {
        var scenarios = new ArrayList<Scenario>();
        for (var name : names.isEmpty() ? new Names() : names) {
            var scenario = scenario(name);
            if (scenario == null) {
                System.err.println("tickstorm sim: --scenario: " + name + " (expected: "
                        + new Names().stream().collect(Collectors.joining(" or ")) + ")");
                return Main.NOT_UNDERSTOOD;
            }
            scenarios.add(scenario);
        }
        var tables = Comparison.of(scenarios, seed);
        if (page == null) {
            System.out.print(tables);
        } else {
            Files.writeString(page, Comparison.into(Files.readString(page), tables));
        }
        return Main.DONE;
    }

    private static @Nullable Scenario scenario(String name) {
        return Arrays.stream(Scenario.values())
                .filter(scenario -> scenario.toString().equals(name))
                .findFirst()
                .orElse(null);
    }
}
