package io.tickstorm.cli;

import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.operator.local.LocalCluster;
import io.tickstorm.process.Termination;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tickstorm demo FILE}: what {@code make demo} runs. */
@Command(
        hidden = true,
        description = {
            "Run a resource as `tickstorm run` does, under steady traffic; kill -9 a backend, roll the backends, roll the",
            "proxies; end with a table and the number of failed requests. On a terminal it then stays up."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no request failed", "1:requests failed, or the demo could not run", "2:not understood"})
final class DemoCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Parameters(paramLabel = "FILE", description = "A file with one TickStormCluster of reference backends.")
    private Path file = Path.of("");

    @Option(names = "--port-offset", paramLabel = "N", description = "Add N to every node port (${DEFAULT-VALUE}).")
    private int portOffset;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var text = Files.readString(file);
        return switch (ClusterReader.read(text, file.toString())) {
            case ClusterReader.Reading.Refused(var problems) -> {
                problems.forEach(problem -> System.err.println(problem.in(file.toString())));
                yield Main.NOT_UNDERSTOOD;
            }
            case ClusterReader.Reading.Accepted(var cluster) -> {
                var terminal = new Terminal(System.out);
                try (var state = StateFolder.of(null);
                        var local = LocalCluster.start(cluster, state.settings(portOffset, event -> {}))) {
                    Termination.on(() -> end(local, state), LIMIT);
                    var failed = new Demo(local, terminal, file, text).run();
                    if (terminal.watched()) {
                        stay(local, terminal, state);
                    }
                    yield failed == 0 ? Main.DONE : Main.FAILED;
                } catch (Demo.Stuck stuck) {
                    System.err.println("demo: " + stuck.getMessage());
                    yield Main.FAILED;
                }
            }
        };
    }

    /** Traffic has ended or its sender is about to: nothing is lost by ending at once. */
    private static Future<Void> end(LocalCluster local, StateFolder state) {
        try {
            local.close();
            state.close();
            return Future.succeededFuture();
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    /** Until Ctrl-C ends the process. */
    private static void stay(LocalCluster local, Terminal terminal, StateFolder state) throws InterruptedException {
        var ports = local.status().nodePorts();
        terminal.say("");
        terminal.say("It stays up until Ctrl-C. Look around:");
        if (ports.containsKey("http")) {
            terminal.say("  curl http://127.0.0.1:" + ports.get("http") + "/            who served it");
            terminal.say("  curl http://127.0.0.1:" + ports.get("http") + "/stream      server-sent events");
            terminal.say("  tickstorm load http://127.0.0.1:" + ports.get("http") + "/");
        }
        if (ports.containsKey("tcp")) {
            terminal.say("  tickstorm load tickstorm://127.0.0.1:" + ports.get("tcp"));
        }
        local.status().replicas().stream()
                .filter(replica -> replica.ports().containsKey("health"))
                .findFirst()
                .ifPresent(proxy -> terminal.say("  curl http://127.0.0.1:"
                        + proxy.ports().get("health") + "/health      what " + proxy.name() + " says of itself"));
        LivePages.of(local.status()).forEach(terminal::say);
        terminal.say("  " + state.path().resolve("state.json") + " names every process; kill one and see");
        new CountDownLatch(1).await();
    }
}
