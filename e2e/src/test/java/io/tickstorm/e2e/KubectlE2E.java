package io.tickstorm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.cli.load.LoadReport;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code kubectl tickstorm}: the packed launcher as a plugin, with ports that a real kubelet forwards. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class KubectlE2E {
    private static final Path PLUGIN = Chart.ROOT.resolve("cli/target/tickstorm/bin");
    private static final String ACCOUNT = "tickstorm-looker";

    private final Cluster cluster;
    private final Demo demo;
    private final Command tools;

    @TempDir
    private static Path folder;

    KubectlE2E(Cluster cluster) {
        this.cluster = cluster;
        this.demo = new Demo(cluster);
        var environment = new HashMap<>(cluster.command().environment());
        environment.put("PATH", PLUGIN + ":" + System.getenv("PATH"));
        this.tools = new Command(Map.copyOf(environment));
    }

    @BeforeAll
    void install() {
        assertThat(PLUGIN.resolve("kubectl-tickstorm")).as("make dist").isExecutable();
        demo.begin();
    }

    @AfterAll
    void close() {
        kubectl("delete", "role,rolebinding,serviceaccount", "-l", "test=kubectl", "--ignore-not-found");
        demo.close();
    }

    @Test
    void sumsOverAllProxiesWhatTheyTell() throws Exception {
        var seen = ask();

        var status = json("status", "demo");

        assertThat(status.getInteger("proxiesAnswering")).isEqualTo(2);
        assertThat(status.getInteger("proxiesThere")).isEqualTo(2);
        assertThat(requests(status)).isGreaterThanOrEqualTo(seen.sent());
        assertThat(tickstorm("status", "demo")).contains("proxies: all 2 answer", "3 of 3 pods serve", "all is well");
        assertThat(tickstorm("rollout", "status", "demo")).contains("RollingUpdate, Stable");
        assertThat(tickstorm("top", "demo", "--every", "1s")).contains("backend http");
        assertThat(tickstorm("logs", "proxies", "--tail", "5")).contains("demo-proxy-");
    }

    @Test
    void aDrainedPodGetsNothingFromAnyProxyUntilItIsResumed() throws Exception {
        demo.awaitEvenSpread();
        var pod = demo.pods(Demo.BACKEND).getFirst().getMetadata().getName();

        assertThat(tickstorm("drain", pod, "--wait", "30s")).contains(pod + ": drained at all 2 proxies");

        assertThat(ask().servers()).hasSize(2).doesNotContainKey(pod);
        assertThat(tickstorm("why", pod)).contains(pod, "gets no new work.", "so say all 2 proxies", "DRAINING");

        assertThat(tickstorm("resume", pod)).contains(pod + ": resumed at all 2 proxies");

        demo.awaitEvenSpread();
    }

    @Test
    void theRoleForThoseWhoLookIsEnough() throws IOException {
        kubectl("apply", "-f", Chart.ROOT.resolve("k8s/cli/roles.yaml").toString());
        kubectl("create", "serviceaccount", ACCOUNT);
        kubectl("create", "rolebinding", ACCOUNT, "--role=tickstorm-look", "--serviceaccount=default:" + ACCOUNT);
        kubectl(
                "label",
                "role/tickstorm-look",
                "role/tickstorm-act",
                "rolebinding/" + ACCOUNT,
                "serviceaccount/" + ACCOUNT,
                "test=kubectl");
        var token = kubectl("create", "token", ACCOUNT).strip();
        var config = folder.resolve("looker").toString();
        Files.writeString(Path.of(config), kubectl("config", "view", "--raw", "--minify", "--flatten"));
        kubectl("config", "--kubeconfig", config, "set-credentials", "looker", "--token=" + token);
        kubectl("config", "--kubeconfig", config, "set-context", "--current", "--user=looker", "--namespace=default");

        assertThat(tickstorm("status", "demo", "--kubeconfig", config)).contains("all 2 answer");
        assertThat(tickstorm("logs", "proxies", "--tail", "1", "--kubeconfig", config))
                .contains("demo-proxy-");
        assertThat(tools.succeeds("kubectl", "tickstorm", "rollout", "abort", "demo", "--kubeconfig", config))
                .isFalse();
    }

    @Test
    void theBundleHasLogsMetricsAndTheOperatorAndNoToken() {
        var file = folder.resolve("bundle.tar.gz").toString();

        var said = tickstorm("bundle", "demo", "--file", file);

        assertThat(said).doesNotContain("not in it");
        assertThat(tools.run("tar", "-tzf", file))
                .contains(
                        "/demo/resource.json",
                        "/metrics.txt",
                        "/demo/logs/demo-proxy-",
                        "/operator/tickstorm-operator-",
                        "/events.json");
        assertThat(tools.run("tar", "-xzOf", file))
                .contains("tick_storm_")
                .doesNotContain("PRIVATE KEY")
                .doesNotContainPattern("eyJ[A-Za-z0-9_-]{20,}\\.eyJ");
    }

    @Test
    void kubectlCompletesTheNamesOfPods() {
        var pod = demo.pods(Demo.BACKEND).getFirst().getMetadata().getName();

        assertThat(tools.run("kubectl", "__complete", "tickstorm", "why", pod.substring(0, pod.length() - 2)))
                .contains(pod);
    }

    private LoadReport ask() throws Exception {
        return Load.run(LoadPlan.to("http://" + cluster.address(NodePorts.HTTP) + "/")
                .rate(100)
                .connections(6)
                .duration(Duration.ofSeconds(3)));
    }

    private static long requests(JsonObject status) {
        return status.getJsonArray("backends").stream()
                .flatMap(backend -> ((JsonObject) backend).getJsonArray("upstreams").stream())
                .mapToLong(upstream -> ((JsonObject) upstream).getLong("requests"))
                .sum();
    }

    private JsonObject json(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-o", "json"));
        return new JsonObject(tickstorm(all.toArray(String[]::new)))
                .getJsonArray("clusters")
                .getJsonObject(0);
    }

    private String tickstorm(String... words) {
        return tools.run(new String[] {"kubectl", "tickstorm"}, words);
    }

    private String kubectl(String... words) {
        return tools.run(new String[] {"kubectl"}, words);
    }
}
