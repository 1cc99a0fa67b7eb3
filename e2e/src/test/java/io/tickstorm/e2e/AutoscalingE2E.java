package io.tickstorm.e2e;

import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Backends become more with their load and fewer without it, and no client notices. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class AutoscalingE2E {
    private final Cluster cluster;
    private final Demo demo;

    AutoscalingE2E(Cluster cluster) {
        this.cluster = cluster;
        this.demo = new Demo(cluster);
    }

    @BeforeEach
    void install() {
        new Chart(cluster).install();
    }

    @AfterEach
    void close() {
        demo.close();
    }

    /** Twelve subscriptions are there while there is traffic. */
    @Test
    void followsConnectionsUpAndDown() throws Exception {
        demo.apply(manifest("cpu: 0, memory: 0, connections: 4"));
        demo.awaitReady();
        demo.awaitReplicas(1);

        try (var traffic = new Traffic(cluster)) {
            var seen = traffic.during("connections bring more backends", () -> demo.awaitReplicas(3));
            demo.everyPostOnce(seen.lostNothing());
        }

        demo.awaitReplicas(1);
    }

    @Test
    void followsTheProcessorUpAndDown() throws Exception {
        demo.apply(manifest("cpu: 60, memory: 0, connections: 0"));
        demo.awaitReady();

        var work = LoadPlan.to("http://" + cluster.address(NodePorts.HTTP) + "/bytes?n=200000")
                .rate(100)
                .connections(8)
                .timeout(Duration.ofSeconds(30))
                .duration(Duration.ofMinutes(10));
        try (var _ = Load.start(work);
                var traffic = new Traffic(cluster)) {
            var seen = traffic.during("work brings more backends", () -> demo.awaitReplicas(3));
            demo.everyPostOnce(seen.lostNothing());
        }

        demo.awaitReplicas(1);
    }

    private static String manifest(String targets) {
        return """
                apiVersion: tickstorm.io/v1alpha1
                kind: TickStormCluster
                metadata: {name: demo}
                spec:
                  backend:
                    replicas: 1
                    env: [{name: LOG_POSTS, value: "true"}]
                    resources: {requests: {cpu: 50m, memory: 192Mi}, limits: {memory: 384Mi}}
                  autoscaling:
                    backend:
                      minReplicas: 1
                      maxReplicas: 3
                      scaleUp: {percent: 1000, window: 0s}
                      scaleDown: {percent: 100, window: 0s}
                      %s
                """.formatted(targets.replace(", ", "\n      "));
    }
}
