package io.tickstorm.e2e;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The API server answers nothing for a while: no client notices, and afterwards everything goes on by itself. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class ApiServerE2E {
    /** By default longer than anybody's patience with one call, and than the term of the operator's leader. */
    private static final Duration FROZEN = Duration.ofSeconds(Integer.getInteger("e2e.frozenSeconds", 45));

    private final Cluster cluster;
    private final Nodes nodes;
    private final Demo demo;

    ApiServerE2E(Cluster cluster) {
        this.cluster = cluster;
        this.nodes = Nodes.atLeast(1, cluster);
        this.demo = new Demo(cluster);
    }

    @BeforeAll
    void install() {
        demo.begin();
    }

    @AfterAll
    void close() {
        demo.close();
    }

    @Test
    void nobodyNoticesThatTheApiServerIsFrozenAndThenRolloutsGoOn() throws Exception {
        try (var traffic = new Traffic(cluster)) {
            var seen = traffic.during("API server frozen for " + FROZEN.toSeconds() + " s, then rollouts", () -> {
                try (var _ = nodes.freezeApiServer()) {
                    traffic.goOn(FROZEN);
                }
                demo.switchOn("LOG_POSTS", "AFTER_THE_FREEZE");
                demo.restart(Demo.PROXY);
            });
            demo.everyPostOnce(seen.lostNothing());
        }
    }
}
