package io.tickstorm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.load.Eventually;
import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.local.LocalCluster;
import io.tickstorm.operator.local.LocalSettings;
import io.tickstorm.operator.local.LocalStatus;
import io.tickstorm.operator.local.ReplicaStatus;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on loopback: a launcher that is started again for each backend and proxy. */
@Timeout(240)
class LocalClusterTest {
    /** JVMs start at once on a machine that may be busy with other tests. */
    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    @Test
    void killsRollsAndChangesLoseNoRequest() throws Exception {
        var pids = new ArrayList<Long>();
        try (var local = LocalCluster.start(cluster(2), settings())) {
            assertThat(local.await(LocalStatus::settled, SOON))
                    .as("settled: %s", local.status())
                    .isTrue();
            var plan = LoadPlan.to(
                            "http://127.0.0.1:" + local.status().nodePorts().get("http") + "/")
                    .rate(100)
                    .connections(8)
                    .postShare(0)
                    .duration(Duration.ofHours(1))
                    .timeout(Duration.ofSeconds(30));
            try (var running = Load.start(plan)) {
                Eventually.within(SOON, () -> running.soFar().servers().size() == 2);

                var victim = local.status().of(Component.BACKEND).getFirst();
                kill(victim);
                assertThat(local.await(now -> now.settled() && restarts(now, victim) == 1, SOON))
                        .as("started again: %s", local.status())
                        .isTrue();

                local.restart(Component.BACKEND);
                assertThat(local.await(now -> now.settled() && !names(now).contains(victim.name()), SOON))
                        .as("rolled: %s", local.status())
                        .isTrue();
                // The last one has only just begun, and begins slowly.
                Eventually.within(SOON, () -> running.soFar().servers().size() >= 4);

                local.apply(cluster(1));
                assertThat(local.await(LocalStatus::settled, SOON))
                        .as("scaled: %s", local.status())
                        .isTrue();

                var proxy = local.status().of(Component.PROXY).getFirst();
                local.restart(Component.PROXY);
                assertThat(local.await(now -> now.settled() && !names(now).contains(proxy.name()), SOON))
                        .as("proxies rolled: %s", local.status())
                        .isTrue();

                var report = running.stop();
                assertThat(report.failures())
                        .as("%s\n%s", report.text(), report.seconds())
                        .isEmpty();
                assertThat(report.servers()).hasSizeGreaterThanOrEqualTo(4);
            }
            local.status().replicas().forEach(replica -> pids.add(replica.pid()));
        }
        assertThat(pids).hasSize(2).noneMatch(LocalClusterTest::alive);
    }

    @Test
    void nothingIsLeftWhenTheRunnerIsKilled() throws Exception {
        var runner = runner(JWEBSERVER);
        var pids = settledPids();

        runner.destroyForcibly().waitFor();

        Eventually.within(SOON, () -> pids.stream().noneMatch(LocalClusterTest::alive));
    }

    @Test
    void nothingIsLeftAfterAnOrderlyEnd() throws Exception {
        var runner = runner(REFERENCE);
        var pids = settledPids();

        runner.destroy();

        assertThat(runner.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(runner.exitValue()).isZero();
        assertThat(pids).noneMatch(LocalClusterTest::alive);
    }

    /** Our own backends and proxies, with a free node port and no delay that only a cluster needs. */
    private static final String REFERENCE = resource("", "drain: {delay: 0s}");

    /** A server that knows nothing of us: the JDK's own. */
    private static final String JWEBSERVER = resource(
            "annotations: {tickstorm.io/local-command: '\""
                    + Path.of(System.getProperty("java.home"), "bin", "jwebserver")
                    + "\" -b 127.0.0.1 -p $PORT -d /'}",
            "image: any, ports: {http: 8000}, drain: {delay: 0s}");

    private static String resource(String metadata, String backend) {
        return """
                apiVersion: tickstorm.io/v1alpha1
                kind: TickStormCluster
                metadata:
                  name: test
                  %s
                spec:
                  backend: {replicas: REPLICAS, %s}
                  loadBalancer:
                    replicas: 1
                    listeners: [{name: http, protocol: HTTP, port: 8080, backendPort: http}]
                    drain: {delay: 1s, timeout: 5s}
                    retries: {budget: {percent: 100, minimum: 100}} # on a busy machine a kill meets many requests at once
                """.formatted(metadata, backend);
    }

    private static TickStormCluster cluster(int backends) {
        var text = resource("", "drain: {delay: 2s}").replace("REPLICAS", Integer.toString(backends));
        return switch (ClusterReader.read(text, "test")) {
            case ClusterReader.Reading.Accepted(var cluster) -> cluster;
            case ClusterReader.Reading.Refused(var problems) -> throw new AssertionError(problems);
        };
    }

    private LocalSettings settings() {
        return new LocalSettings(OwnProcess::of, folder, 0, System.out::println);
    }

    /** {@code tickstorm run} as a process of its own. */
    private Process runner(String resource) throws IOException {
        var file = Files.writeString(folder.resolve("cluster.yaml"), resource.replace("REPLICAS", "1"));
        var command = new ArrayList<>(OwnProcess.of(Component.PROXY));
        command.removeLast();
        command.removeLast();
        command.addAll(List.of("run", "--state", folder.resolve("state").toString(), file.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("runner.log").toFile())
                .start();
    }

    private List<Long> settledPids() throws Exception {
        var file = folder.resolve("state/state.json");
        try {
            Eventually.within(SOON, () -> Files.exists(file) && pids(file).size() == 2);
            return pids(file);
        } catch (AssertionError e) {
            throw new AssertionError(Files.readString(folder.resolve("runner.log")), e);
        }
    }

    /** None unless all of them are ready. */
    private static List<Long> pids(Path file) throws IOException {
        var state = new JsonObject(Files.readString(file));
        return !state.getBoolean("settled")
                ? List.of()
                : state.getJsonArray("processes").stream()
                        .map(process -> ((JsonObject) process).getLong("pid"))
                        .toList();
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static void kill(ReplicaStatus replica) {
        assertThat(ProcessHandle.of(replica.pid()).orElseThrow().destroyForcibly())
                .isTrue();
    }

    private static int restarts(LocalStatus status, ReplicaStatus of) {
        return status.replicas().stream()
                .filter(replica -> replica.name().equals(of.name()))
                .mapToInt(ReplicaStatus::restarts)
                .sum();
    }

    private static List<String> names(LocalStatus status) {
        return status.replicas().stream().map(ReplicaStatus::name).toList();
    }
}
