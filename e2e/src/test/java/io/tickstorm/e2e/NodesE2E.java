package io.tickstorm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A node fails that carries a backend, while the proxies are on others: every GET is answered, by another backend if need be; of the
 * POSTs only those are lost that were under way to that node.
 */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class NodesE2E {
    /** Long enough for the control plane to give the node up after 20 s and to take it back. */
    private static final Duration CUT_OFF = Duration.ofSeconds(26);

    private final Cluster cluster;
    private final Nodes nodes;
    private final Demo demo;
    private final String victim;

    NodesE2E(Cluster cluster) {
        this.cluster = cluster;
        this.nodes = Nodes.atLeast(3, cluster);
        this.victim = nodes.worker();
        this.demo = new Demo(cluster);
    }

    @BeforeAll
    void backendsEverywhereAndProxiesElsewhere() {
        new Chart(cluster).install();
        nodes.schedule(victim, false);
        demo.apply(Demo.LOGGING);
        demo.awaitReady();
        nodes.schedule(victim, true);
        demo.restart(Demo.BACKEND);
        assertThat(demo.on(victim, Demo.PROXY)).isEmpty();
        assertThat(demo.on(victim, Demo.BACKEND)).isNotEmpty();
    }

    @AfterAll
    void close() {
        demo.close();
    }

    @Test
    void losesOnlyPostsUnderWayWhenANodeIsCutOff() throws Exception {
        var lost = new HashSet<>(demo.on(victim, Demo.BACKEND));
        var before = demo.told();
        demo.awaitEvenSpread();
        try (var traffic = new Traffic(cluster)) {
            var seen = traffic.during("node " + victim + " cut off for " + CUT_OFF.toSeconds() + " s", () -> {
                try (var _ = nodes.cutOff(victim)) {
                    traffic.goOn(CUT_OFF);
                }
                nodes.awaitReady(victim, true);
                demo.rolledOut(Demo.BACKEND);
            });
            seen.lostOnlyPostsTo(lost, demo.toldSince(before));
        }
        demo.noPostTwice();
    }

    @Test
    void losesOnlyPostsUnderWayWhenANodeDies() throws Exception {
        var lost = new HashSet<>(demo.on(victim, Demo.BACKEND));
        var before = demo.told();
        demo.awaitEvenSpread();
        try (var traffic = new Traffic(cluster)) {
            var seen = traffic.during("node " + victim + " killed, and started when it was given up", () -> {
                nodes.kill(victim);
                nodes.awaitReady(victim, false);
                nodes.start(victim);
                nodes.awaitReady(victim, true);
                demo.rolledOut(Demo.BACKEND);
            });
            lost.addAll(demo.on(victim, Demo.BACKEND));
            seen.lostOnlyPostsTo(lost, demo.toldSince(before));
        }
        demo.noPostTwice();
    }
}
