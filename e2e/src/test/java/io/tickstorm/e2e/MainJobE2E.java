package io.tickstorm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The main job on a real cluster, in the order in which a user meets it: install, apply, traffic, pods that die, pods that roll,
 * delete. Each disturbance happens under traffic of clients that never retry, and nothing may be lost or done twice.
 */
@ExtendWith(OnCluster.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MainJobE2E {
    private static final Path SMALLEST = Chart.ROOT.resolve("k8s/samples/smallest.yaml");

    private final Cluster cluster;
    private final Demo demo;

    MainJobE2E(Cluster cluster) {
        this.cluster = cluster;
        this.demo = new Demo(cluster);
    }

    @BeforeAll
    void installChart() {
        new Chart(cluster).install();
    }

    @AfterAll
    void close() {
        demo.close();
    }

    @AfterEach
    void noPostWasServedTwice() {
        demo.noPostTwice();
    }

    @Test
    @Order(1)
    void emptySpecGivesTrafficSpreadOverThreeBackends() throws Exception {
        demo.apply(SMALLEST);
        demo.awaitReady();

        var answer = get("http://" + cluster.address(NodePorts.HTTP) + "/");
        var spread = demo.awaitEvenSpread();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(spread.failures()).as(spread.text()).isEmpty();
        assertThat(spread.servers()).as(spread.text()).hasSize(3);
    }

    @Test
    @Order(2)
    void losesNothingWhenTheSpecOfTheBackendsChanges() throws Exception {
        try (var traffic = new Traffic(cluster)) {
            traffic.during("new environment for the backends", () -> demo.switchOn("LOG_POSTS"))
                    .lostNothing();
        }
    }

    @Test
    @Order(3)
    void losesNothingWhenAPodIsKilledByForce() throws Exception {
        try (var traffic = new Traffic(cluster)) {
            var victim = demo.pods(Demo.BACKEND).getFirst().getMetadata().getName();
            var seen = traffic.during("kill --force --grace-period=0 of " + victim, () -> {
                demo.kubectl("delete", "pod", victim, "--force", "--grace-period=0");
                demo.rolledOut(Demo.BACKEND);
            });
            demo.everyPostOnce(seen.lostNothing());
        }
    }

    @Test
    @Order(4)
    void losesNothingWhenPoliteBackendsRoll() throws Exception {
        try (var traffic = new Traffic(cluster)) {
            demo.everyPostOnce(traffic.during("polite backends roll", () -> demo.restart(Demo.BACKEND))
                    .lostNothing());
        }
    }

    @Test
    @Order(5)
    void losesNothingWhenBackendsThatDieOnSigtermRoll() throws Exception {
        demo.switchOn("LOG_POSTS", "RUDE");
        try (var traffic = new Traffic(cluster)) {
            demo.everyPostOnce(traffic.during("rude backends roll", () -> demo.restart(Demo.BACKEND))
                    .lostNothing());
        }
    }

    @Test
    @Order(6)
    void losesNothingWhenTheProxiesRoll() throws Exception {
        try (var traffic = new Traffic(cluster)) {
            demo.everyPostOnce(traffic.during("proxies roll", () -> demo.restart(Demo.PROXY))
                    .lostNothing());
        }
    }

    @Test
    @Order(7)
    void deletingTheResourceLeavesNothing() {
        demo.delete();
    }

    private static HttpResponse<String> get(String url) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
