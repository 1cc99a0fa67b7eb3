package io.tickstorm.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tickstorm.operator.crd.ClusterCondition;
import io.tickstorm.operator.crd.ClusterStatus;
import io.tickstorm.operator.crd.ClusterStatus.Backends;
import io.tickstorm.operator.crd.RolloutStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterMetersTest {
    private static final ClusterKey SHOP = new ClusterKey("shop", "demo");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ClusterMeters meters = new ClusterMeters(registry);

    @Test
    void theLastStatusOfAClusterIsTold() {
        meters.report(SHOP, status("True", new Backends(3, 2, "2/3", ""), rollout("Step", 20)));
        meters.report(SHOP, status("False", new Backends(4, 4, "4/4", ""), rollout("Aborted", 0)));

        assertThat(value("tick.storm.operator.cluster.condition", "type", "Degraded"))
                .isZero();
        assertThat(value("tick.storm.operator.pods.ready", "component", "backend"))
                .isEqualTo(4);
        assertThat(value("tick.storm.operator.rollout.phase", "phase", "Aborted"))
                .isOne();
        assertThat(value("tick.storm.operator.rollout.phase", "phase", "Step")).isZero();
        assertThat(value("tick.storm.operator.rollout.weight", "cluster_name", "demo"))
                .isZero();
    }

    @Test
    void whatAStatusLeavesOutStaysAsItWas() {
        meters.report(SHOP, status("False", new Backends(3, 2, "2/3", ""), rollout("Step", 20)));

        meters.report(SHOP, status("True", null, null));

        assertThat(value("tick.storm.operator.cluster.condition", "type", "Degraded"))
                .isOne();
        assertThat(value("tick.storm.operator.pods", "component", "backend")).isEqualTo(3);
        assertThat(value("tick.storm.operator.rollout.weight", "cluster_name", "demo"))
                .isEqualTo(20);
    }

    @Test
    void aClusterThatIsGoneIsGoneAndTheOthersStay() {
        var other = new ClusterKey("shop", "other");
        meters.report(SHOP, status("True", null, null));
        meters.report(other, status("True", null, null));
        var both = registry.getMeters().size();

        meters.forget(SHOP);

        assertThat(registry.getMeters())
                .hasSize(both / 2)
                .allMatch(meter -> "other".equals(meter.getId().getTag("cluster_name")));
    }

    /** A pass may still run when the lease is lost. */
    @Test
    void whoeverLeadsNoMoreTellsNothing() {
        meters.report(SHOP, status("True", null, null));

        meters.close();
        meters.report(SHOP, status("True", null, null));

        assertThat(registry.getMeters()).isEmpty();
    }

    private double value(String name, String tag, String value) {
        return registry.get(name)
                .tag("cluster_namespace", "shop")
                .tag(tag, value)
                .gauge()
                .value();
    }

    private static ClusterStatus status(String degraded, @Nullable Backends backends, @Nullable RolloutStatus rollout) {
        var condition = new ClusterCondition("Degraded", degraded, 1L, "2026-11-01T00:00:00Z", "Reason", "message");
        return new ClusterStatus(1L, List.of(condition), backends, null, rollout);
    }

    private static RolloutStatus rollout(String phase, int weight) {
        return new RolloutStatus("Canary", phase, "r2", "r1", null, null, null, weight, 100 - weight, null, null, "");
    }
}
