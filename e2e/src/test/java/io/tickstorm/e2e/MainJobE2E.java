package io.tickstorm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.cli.load.LoadReport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * The main job on a real cluster, in the order in which a user meets it: install, apply, traffic, pods that die, pods that roll,
 * delete. Each disturbance happens under traffic of clients that never retry, and nothing may be lost or done twice.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MainJobE2E {
    private static final Path ROOT = Path.of(System.getProperty("tickstorm.root"));
    private static final String NAMESPACE = "default";
    private static final String BACKENDS = "tickstorm.io/cluster=demo,tickstorm.io/component=backend";

    private final Cluster cluster = Cluster.start(System.getProperty("tickstorm.version"));
    private final Command tools = cluster.command();
    private final PostRecord posts = new PostRecord(
            cluster.client(), NAMESPACE, Map.of("tickstorm.io/cluster", "demo", "tickstorm.io/component", "backend"));

    @BeforeAll
    void installChart() {
        tools.run(
                "helm upgrade --install tickstorm --namespace tickstorm-system --create-namespace --wait --timeout 3m"
                        .split(" "),
                ROOT.resolve("helm/tickstorm").toString());
    }

    @AfterAll
    void close() {
        posts.close();
        cluster.close();
    }

    @AfterEach
    void noPostWasServedTwice() {
        assertThat(posts.repeated()).isEmpty();
    }

    @Test
    @Order(1)
    void emptySpecGivesTrafficSpreadOverThreeBackends() throws Exception {
        kubectl("apply", "-f", ROOT.resolve("k8s/samples/smallest.yaml").toString());
        kubectl("wait", "--for=condition=Ready", "tsc/demo", "--timeout=180s");

        var answer = get("http://" + cluster.address(NodePorts.HTTP) + "/");
        var spread = ask();
        // a backend that came after the first ones begins slowly, by default for 30 s
        for (int again = 0; again < 20 && !even(spread); again++) {
            spread = ask();
        }

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(spread.failures()).as(spread.text()).isEmpty();
        assertThat(spread.servers()).as(spread.text()).hasSize(3);
        assertThat(even(spread)).as(spread.text()).isTrue();
    }

    private LoadReport ask() throws Exception {
        return Load.run(LoadPlan.to("http://" + cluster.address(NodePorts.HTTP) + "/")
                .rate(100)
                .connections(6)
                .duration(Duration.ofSeconds(3)));
    }

    private static boolean even(LoadReport spread) {
        return spread.servers().size() == 3
                && spread.servers().values().stream().allMatch(share -> share > spread.sent() / 5);
    }

    @Test
    @Order(2)
    void losesNothingWhenTheSpecOfTheBackendsChanges() throws Exception {
        try (var traffic = new Traffic(cluster)) {
            traffic.during("new environment for the backends", () -> patchEnvironment("LOG_POSTS"))
                    .lostNothing();
        }
    }

    @Test
    @Order(3)
    void losesNothingWhenAPodIsKilledByForce() throws Exception {
        try (var traffic = new Traffic(cluster)) {
            var victim = backends().getFirst().getMetadata().getName();
            var seen = traffic.during("kill --force --grace-period=0 of " + victim, () -> {
                kubectl("delete", "pod", victim, "--force", "--grace-period=0");
                rolledOut("backend");
            });
            everyPostOnce(seen.lostNothing());
        }
    }

    @Test
    @Order(4)
    void losesNothingWhenPoliteBackendsRoll() throws Exception {
        try (var traffic = new Traffic(cluster)) {
            everyPostOnce(traffic.during("polite backends roll", () -> restart("backend"))
                    .lostNothing());
        }
    }

    @Test
    @Order(5)
    void losesNothingWhenBackendsThatDieOnSigtermRoll() throws Exception {
        patchEnvironment("LOG_POSTS", "RUDE");
        try (var traffic = new Traffic(cluster)) {
            everyPostOnce(traffic.during("rude backends roll", () -> restart("backend"))
                    .lostNothing());
        }
    }

    @Test
    @Order(6)
    void losesNothingWhenTheProxiesRoll() throws Exception {
        try (var traffic = new Traffic(cluster)) {
            everyPostOnce(traffic.during("proxies roll", () -> restart("proxy")).lostNothing());
        }
    }

    @Test
    @Order(7)
    void deletingTheResourceLeavesNothing() {
        kubectl("delete", "tsc", "demo", "--timeout=120s");

        // Objects go by garbage collection in the background, pods after their grace period.
        var left = Stream.of(
                        "deployments", "services", "configmaps", "serviceaccounts", "roles", "rolebindings", "pods")
                .toList();
        for (var kind : left) {
            kubectl("wait", "--for=delete", kind, "-l", "tickstorm.io/cluster=demo", "--timeout=120s");
        }
        assertThat(kubectl("get", String.join(",", left), "-l", "tickstorm.io/cluster=demo", "-o", "name"))
                .isBlank();
    }

    private void everyPostOnce(Traffic.Seen seen) throws InterruptedException {
        var run = seen.http().runId();
        assertThat(posts.served(run, seen.http().posts()))
                .as("POSTs of run " + run)
                .isEqualTo(seen.http().posts());
    }

    private void restart(String component) {
        kubectl("rollout", "restart", "deployment/demo-" + component);
        rolledOut(component);
    }

    /** Rolled out, and the pods that were replaced are gone. */
    private void rolledOut(String component) {
        kubectl("rollout", "status", "deployment/demo-" + component, "--timeout=300s");
        cluster.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel("tickstorm.io/cluster", "demo")
                .informOnCondition(pods -> pods.stream().noneMatch(HasMetadata::isMarkedForDeletion))
                .orTimeout(120, TimeUnit.SECONDS)
                .join();
    }

    private void patchEnvironment(String... switches) {
        var variables = Stream.of(switches)
                .map("{\"name\": \"%s\", \"value\": \"true\"}"::formatted)
                .toList();
        kubectl(
                "patch",
                "tsc",
                "demo",
                "--type=merge",
                "-p",
                "{\"spec\": {\"backend\": {\"env\": " + variables + "}}}");
        // The operator sees the change in its own time: the Deployment that has it is what rolls.
        cluster.client()
                .apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName("demo-backend")
                .waitUntilCondition(
                        deployment -> List.of(switches).stream()
                                .allMatch(name ->
                                        deployment
                                                .getSpec()
                                                .getTemplate()
                                                .getSpec()
                                                .getContainers()
                                                .getFirst()
                                                .getEnv()
                                                .stream()
                                                .anyMatch(variable ->
                                                        variable.getName().equals(name))),
                        30,
                        TimeUnit.SECONDS);
        rolledOut("backend");
    }

    private List<Pod> backends() {
        return cluster.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabelSelector(BACKENDS)
                .list()
                .getItems();
    }

    private String kubectl(String... words) {
        return tools.run(new String[] {"kubectl", "--namespace", NAMESPACE}, words);
    }

    private static HttpResponse<String> get(String url) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
