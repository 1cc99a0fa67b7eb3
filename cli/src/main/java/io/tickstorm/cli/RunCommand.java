package io.tickstorm.cli;

import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.operator.local.LocalCluster;
import io.tickstorm.process.Termination;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tickstorm run FILE}. */
@Command(
        description = {
            "Run a TickStormCluster on this machine, without Kubernetes.",
            "Backends and proxies are processes, node ports are on 127.0.0.1. A process that dies is started again. When the file changes, processes are rolled as pods are.",
            "An image of your own needs a command in the annotation tickstorm.io/local-command, such as",
            "\"python3 -m http.server --bind $$ADDRESS $$PORT\".",
            "Ctrl-C ends in order, a second one at once. Nothing is left behind."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended in order after Ctrl-C or SIGTERM",
            "1:cannot run: a node port is taken, or something did not end in time",
            "2:the command line is wrong, or the resource has problems",
            "130:ended at once by a second Ctrl-C"
        })
final class RunCommand implements Callable<Integer> {
    /** A change shows within half a second; reading a small file twice a second costs nothing. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final Duration START = Duration.ofMinutes(2);

    /** {@link LocalCluster#drain} keeps to the grace periods by itself; this is above any that makes sense. */
    private static final Duration DRAIN = Duration.ofHours(1);

    @Parameters(paramLabel = "FILE", description = "A file with one TickStormCluster.")
    private Path file = Path.of("");

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            description = "Add N to every node port, to run two clusters side by side (${DEFAULT-VALUE}).")
    private int portOffset;

    @Option(
            names = "--state",
            paramLabel = "FOLDER",
            description = "Where logs, configuration and state.json (pids, ports) go, and stay."
                    + " Left out: a temporary folder.")
    private @Nullable Path folder;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var text = Files.readString(file);
        var cluster = read(text);
        if (cluster == null) {
            return Main.NOT_UNDERSTOOD;
        }
        try (var state = StateFolder.of(folder)) {
            var local = start(cluster, state);
            if (local == null) {
                return Main.NOT_UNDERSTOOD;
            }
            try (local) {
                Termination.on(() -> end(local, state), DRAIN);
                if (local.await(now -> now.settled(), START)) {
                    announce(local, state);
                }
                watch(local, text);
            }
        }
        return Main.DONE;
    }

    private @Nullable LocalCluster start(TickStormCluster cluster, StateFolder state) throws IOException {
        try {
            return LocalCluster.start(cluster, state.settings(portOffset, System.out::println));
        } catch (IllegalArgumentException e) {
            System.err.println(file + ": " + e.getMessage());
            return null;
        }
    }

    private static void announce(LocalCluster local, StateFolder state) {
        var status = local.status();
        System.out.println(status.cluster() + " runs; logs and state.json in " + state.path());
        status.nodePorts().forEach((name, port) -> System.out.printf("  %-12s 127.0.0.1:%d%n", name, port));
        LivePages.of(status).forEach(System.out::println);
    }

    private static Future<Void> end(LocalCluster local, StateFolder state) {
        try {
            local.drain();
            state.close();
            return Future.succeededFuture();
        } catch (IOException | InterruptedException e) {
            return Future.failedFuture(e);
        }
    }

    /** Until a signal ends the process. */
    private void watch(LocalCluster local, String first) throws InterruptedException {
        var seen = first;
        while (true) {
            Thread.sleep(LOOK);
            try {
                var text = Files.readString(file);
                if (!text.equals(seen)) {
                    seen = text;
                    change(local, text);
                }
            } catch (IOException e) {
                // An editor may take the file away for a moment; what runs stays as it is.
            }
        }
    }

    private void change(LocalCluster local, String text) {
        var changed = read(text);
        if (changed == null) {
            System.err.println(file + ": not taken over, all stays as it was");
            return;
        }
        try {
            local.apply(changed);
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(file + ": not taken over, all stays as it was: " + e.getMessage());
        }
    }

    private @Nullable TickStormCluster read(String text) {
        return switch (ClusterReader.read(text, file.toString())) {
            case ClusterReader.Reading.Accepted(var cluster) -> cluster;
            case ClusterReader.Reading.Refused(var problems) -> {
                problems.forEach(problem -> System.err.println(problem.in(file.toString())));
                yield null;
            }
        };
    }
}
