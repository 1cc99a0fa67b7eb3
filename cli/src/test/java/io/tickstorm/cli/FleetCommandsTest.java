package io.tickstorm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.fleet.LiveProxies;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What a person types, against real proxies on loopback. */
@Timeout(120)
class FleetCommandsTest {
    @TempDir
    private Path folder;

    private final Launcher launcher = new Launcher();

    @Test
    void statusOfALocalRunIsZeroWhileAllIsWellAndThreeWhenAProxyIsGone() throws Exception {
        try (var live = new LiveProxies(2)) {
            live.writeState(folder);

            assertThat(run("status", "--local", folder.toString())).isZero();
            assertThat(said()).contains("demo  (local run " + folder + ")  all is well", "all 2 answer");

            live.stopProxy(0);

            assertThat(run("status", "--local", folder.toString())).isEqualTo(3);
            assertThat(said())
                    .contains("1 of 2 answer", "demo-proxy-0: does not answer: its admin port refuses connections");
        }
    }

    @Test
    void statusIsTheSameInJsonAndYaml() throws Exception {
        try (var live = new LiveProxies(1)) {
            live.get(0, "/");

            assertThat(run("status", "--admin", live.admins().getFirst(), "-o", "json"))
                    .isZero();
            var json = new JsonObject(said()).getJsonArray("clusters").getJsonObject(0);
            assertThat(run("status", "--admin", live.admins().getFirst(), "-o", "yaml"))
                    .isZero();
            var yaml = cluster(new Load(LoadSettings.builder().build()).loadFromString(said()));

            assertThat(json.getBoolean("well")).isTrue();
            assertThat(json.getInteger("proxiesAnswering")).isEqualTo(1);
            assertThat(json.getJsonArray("backends").getJsonObject(0).getJsonArray("upstreams").stream()
                            .mapToInt(one -> ((JsonObject) one).getInteger("requests"))
                            .sum())
                    .isEqualTo(1);
            assertThat(yaml.fieldNames()).containsExactlyElementsOf(json.fieldNames());
            assertThat(yaml.getJsonArray("backends")).isEqualTo(json.getJsonArray("backends"));
        }
    }

    @Test
    void whyAPodSaysOnceWhatAllProxiesSay() throws Exception {
        try (var live = new LiveProxies(2)) {
            assertThat(run("why", live.server(0), "--admin", String.join(",", live.admins())))
                    .isZero();

            assertThat(said())
                    .containsOnlyOnce("gets new work: its fair share is 50 %.")
                    .contains("so say all 2 proxies", "Because:\n  - nothing holds it back\n");
        }
    }

    @Test
    void whyARequestTellsItsAttemptsAtTheProxyThatHadIt() throws Exception {
        try (var live = new LiveProxies(2)) {
            live.stopServer(0);
            var ids = new ArrayList<String>();
            for (int i = 0; i < 4; i++) {
                ids.add(live.get(1, "/cart"));
            }

            var found = "";
            for (var id : ids) {
                if (run("why", id, "--admin", String.join(",", live.admins())) == 0) {
                    found = said();
                    break;
                }
            }

            assertThat(found)
                    .contains(
                            "was answered 200 after",
                            "so says " + live.admins().get(1) + ", the only one that knows of it")
                    .contains("at " + live.admins().get(1) + ": 200 after")
                    .contains("attempt 1: " + live.server(0))
                    .contains("CONNECT_REFUSED")
                    .contains("attempt 2: " + live.server(1));
        }
    }

    @Test
    void whyANameThatNobodyKnowsSaysWhatThereIs() throws Exception {
        try (var live = new LiveProxies(1)) {
            assertThat(run("why", "nobody", "--admin", live.admins().getFirst()))
                    .isEqualTo(1);

            assertThat(complained())
                    .startsWith(
                            "tickstorm: nobody: no proxy knows of it (expected: a pod, a backend, a listener or the id of a request")
                    .contains("backends: one of web", live.server(0));
        }
    }

    @Test
    void drainIsSeenByStatusUntilResume() throws Exception {
        try (var live = new LiveProxies(2)) {
            var admins = String.join(",", live.admins());

            assertThat(run("drain", live.server(1), "--admin", admins, "--wait", "10s"))
                    .isZero();
            assertThat(said()).startsWith(live.server(1) + ": drained at all 2 proxies (web); 0 in flight\n");
            assertThat(run("status", "--admin", admins)).isZero();
            assertThat(said()).contains("drained by hand at 2 of 2 proxies", "tickstorm resume " + live.server(1));

            assertThat(run("drain", live.server(1), "--admin", live.admins().getFirst()))
                    .isZero();
            assertThat(run("resume", live.server(1), "--admin", live.admins().getFirst()))
                    .isZero();
            assertThat(run("status", "--admin", admins)).isEqualTo(3);
            assertThat(said())
                    .contains("drained by hand at 1 of 2 proxies only ("
                            + live.admins().get(1) + ")");

            assertThat(run("resume", live.server(1), "--admin", admins)).isZero();
            assertThat(run("status", "--admin", admins)).isZero();
        }
    }

    @Test
    void drainNeedsTheTokenWhereThereIsOneAndSaysSo() throws Exception {
        var token = Files.writeString(folder.resolve("token"), "s3cret\n");
        try (var live = new LiveProxies(1, ", tokenFile: " + token)) {
            var admin = live.admins().getFirst();

            assertThat(run("drain", live.server(0), "--admin", admin)).isEqualTo(3);
            assertThat(said())
                    .contains("refused: Authorization: missing (expected: Bearer and the token in admin.tokenFile)");

            assertThat(run("drain", live.server(0), "--admin", admin, "--token-file", token.toString()))
                    .isZero();
        }
    }

    @Test
    void topShowsRatesOfWhatPassesMeanwhile() throws Exception {
        try (var live = new LiveProxies(1)) {
            assertThat(run("top", "--admin", live.admins().getFirst(), "--every", "50ms", "-o", "json"))
                    .isZero();

            var top = new JsonObject(said()).getJsonArray("clusters").getJsonObject(0);
            assertThat(top.getDouble("seconds")).isGreaterThanOrEqualTo(0.05);
            assertThat(top.getJsonArray("backends").getJsonObject(0).getJsonArray("upstreams"))
                    .hasSize(2);
            assertThat(run("top", "--admin", live.admins().getFirst(), "--every", "50ms"))
                    .isZero();
            assertThat(said()).contains("backend web", "IN FLIGHT");
        }
    }

    @Test
    void logsOfALocalRunAreItsFiles() throws Exception {
        try (var live = new LiveProxies(2)) {
            live.writeState(folder);
            Files.writeString(folder.resolve("demo-proxy-0.log"), "a1\na2\na3\n");
            Files.writeString(folder.resolve("demo-proxy-1.log"), "b1\n");

            assertThat(run("logs", "--local", folder.toString(), "--tail", "2")).isZero();
            assertThat(said()).isEqualTo("demo-proxy-0  a2\ndemo-proxy-0  a3\ndemo-proxy-1  b1\n");
            assertThat(run("logs", "demo-proxy-0", "--local", folder.toString(), "--tail", "-1", "-o", "json"))
                    .isZero();
            assertThat(said().lines().map(line -> new JsonObject(line).getString("line")))
                    .containsExactly("a1", "a2", "a3");
            assertThat(run("logs", "backends", "--local", folder.toString())).isEqualTo(1);
            assertThat(complained()).contains("demo-backend-0.log: there is no such log");
        }
    }

    @Test
    void rolloutsAreOfKubernetesOnly() throws Exception {
        try (var live = new LiveProxies(1)) {
            assertThat(run("rollout", "status", "--admin", live.admins().getFirst()))
                    .isEqualTo(1);

            assertThat(complained()).contains("has only rolling updates (expected: a cluster of Kubernetes");
        }
    }

    @Test
    void whereThereIsNothingEachErrorSaysWhatWasExpected() {
        assertThat(run("status", "--local", folder.toString())).isEqualTo(1);
        assertThat(complained())
                .contains("no state.json (expected: the folder that `tickstorm run` names when it starts)");
        assertThat(run("status", "--admin", "nowhere")).isEqualTo(2);
        assertThat(complained())
                .contains("--admin: nowhere (expected: HOST:PORT of an admin port, such as 127.0.0.1:8404)");
        assertThat(run("status", "--admin", "h:1", "--local")).isEqualTo(2);
        assertThat(complained()).contains("exclude each other");
        assertThat(run("status", "--kubeconfig", folder.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(complained())
                .contains("--kubeconfig: " + folder.resolve("none") + " (expected: a file that can be read)");
    }

    @Test
    void theBundleHasEverythingButTheSecrets() throws Exception {
        try (var live = new LiveProxies(1)) {
            live.writeState(folder);
            Files.writeString(folder.resolve("demo-proxy-0.log"), "started\nAuthorization: Bearer Hunter2-planted\n");
            Files.writeString(
                    folder.resolve("demo-backend-0.log"),
                    "connecting to postgres://shop:Hunter2-planted@db/shop\n-----BEGIN PRIVATE KEY-----\nHunter2-planted\n-----END PRIVATE KEY-----\n");
            var file = folder.resolve("bundle.tar.gz");

            assertThat(run("bundle", "--local", folder.toString(), "--file", file.toString()))
                    .as(complained())
                    .isZero();

            var names = tar("-tzf", file.toString());
            assertThat(names)
                    .contains(
                            "/demo/status.json",
                            "/demo/status.txt",
                            "/demo/logs/demo-proxy-0.log",
                            "/demo/logs/demo-backend-0.log",
                            "/demo/proxies/demo-proxy-0/state.json",
                            "/demo/proxies/demo-proxy-0/config.json",
                            "/demo/proxies/demo-proxy-0/metrics.txt",
                            "/versions.json",
                            "/README.txt");
            var content = tar("-xzOf", file.toString());
            assertThat(content)
                    .contains("started", "tick_storm_", "RoundRobin", "postgres://[removed]@db/shop")
                    .doesNotContain("Hunter2");
            assertThat(run("bundle", "--local", folder.toString(), "--file", file.toString()))
                    .isEqualTo(1);
        }
    }

    @Test
    void completionKnowsCommandsOptionsAndNamesOfWhatRuns() throws Exception {
        try (var live = new LiveProxies(1)) {
            live.writeState(folder);

            assertThat(Complete.of(List.of("st"))).containsExactly("status", ":4");
            assertThat(Complete.of(List.of("rollout", "p"))).containsExactly("promote", ":4");
            assertThat(Complete.of(List.of("status", "--kube"))).containsExactly("--kubeconfig", ":4");
            assertThat(Complete.of(List.of("logs", "--local", folder.toString(), "demo-p")))
                    .containsExactly("demo-proxy-0", ":4");
            assertThat(Complete.of(List.of("drain", "--local", folder.toString(), "")))
                    .containsExactly("demo-backend-0", ":4");
        }
    }

    @Test
    void aPluginOfKubectlHasWhatIsAboutClustersOnly() {
        var plugin = Main.commandLine("kubectl tickstorm");

        assertThat(plugin.getSubcommands().keySet())
                .contains("status", "top", "why", "drain", "resume", "rollout", "check", "logs", "bundle")
                .doesNotContain("proxy", "operator", "backend", "run", "load", "demo");
        assertThat(plugin.getUsageMessage()).startsWith("Usage: kubectl tickstorm ");
    }

    private static JsonObject cluster(Object yaml) {
        return yaml instanceof Map<?, ?> map && map.get("clusters") instanceof List<?> list
                ? new JsonArray(list).getJsonObject(0)
                : new JsonObject();
    }

    private static String tar(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("tar"));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text;
    }

    private int run(String... arguments) {
        return launcher.run(arguments);
    }

    private String said() {
        return launcher.said();
    }

    private String complained() {
        return launcher.complained();
    }
}
