package io.tickstorm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** No operator for a while: no client notices, nobody waits for an API that nobody serves, and whoever comes back goes on. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class OperatorE2E {
    private static final String DEPLOYMENT = "deployment/tickstorm-operator";
    private static final List<String> API_SERVICES =
            List.of("apiservice/v1beta1.custom.metrics.k8s.io", "apiservice/v1beta2.custom.metrics.k8s.io");

    private final Cluster cluster;
    private final Demo demo;

    OperatorE2E(Cluster cluster) {
        this.cluster = cluster;
        this.demo = new Demo(cluster);
    }

    @BeforeAll
    void install() {
        demo.begin();
    }

    @AfterAll
    void close() {
        scale(2);
        demo.close();
    }

    @Test
    void nobodyNoticesThatItIsScaledToNoneAndBack() throws Exception {
        try (var traffic = new Traffic(cluster)) {
            var seen = traffic.during("no operator, backends restarted, operator again", () -> {
                scale(0);
                for (var service : API_SERVICES) {
                    demo.kubectl("wait", "--for=delete", service, "--timeout=120s");
                }
                demo.restart(Demo.BACKEND);
                demo.patch("{\"spec\": {\"backend\": {\"replicas\": 4}}}");
                assertThat(demo.pods(Demo.BACKEND))
                        .as("nobody is there to follow")
                        .hasSize(3);
                scale(2);
                demo.awaitReplicas(4);
                for (var service : API_SERVICES) {
                    demo.kubectl("wait", "--for=create", service, "--timeout=120s");
                    demo.kubectl("wait", "--for=condition=Available", service, "--timeout=120s");
                }
            });
            demo.everyPostOnce(seen.lostNothing());
        }
        demo.awaitReady();
    }

    private void scale(int processes) {
        demo.kubectl("scale", DEPLOYMENT, "--namespace", Chart.NAMESPACE, "--replicas=" + processes);
        demo.kubectl("rollout", "status", DEPLOYMENT, "--namespace", Chart.NAMESPACE, "--timeout=180s");
    }
}
