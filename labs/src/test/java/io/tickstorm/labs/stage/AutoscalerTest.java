package io.tickstorm.labs.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** By the defaults of the resource: up by half a minute after a minute, down by a tenth a minute after five. */
class AutoscalerTest {
    private static final String CONNECTIONS = "tick_storm_active_connections";

    private final Autoscaler autoscaler = Autoscaler.ofBackends("""
            apiVersion: tickstorm.io/v1alpha1
            kind: TickStormCluster
            metadata: {name: ticks}
            spec:
              backend: {resources: {requests: {cpu: 100m, memory: 256Mi}}}
              autoscaling: {backend: {minReplicas: 2, maxReplicas: 20, connections: 100}}
            """);

    private Duration now = Duration.ZERO;
    private int pods = 4;

    @Test
    void asksForAsManyPodsAsBringTheAverageToItsTarget() {
        assertThat(autoscaler.asked(4, Map.of(CONNECTIONS, 175.0))).isEqualTo(7);
        assertThat(autoscaler.asked(4, Map.of(CONNECTIONS, 176.0))).isEqualTo(8);
        assertThat(autoscaler.asked(4, Map.of(CONNECTIONS, 20.0))).isEqualTo(1);
    }

    @Test
    void aTenthMoreOrLessIsNoReason() {
        assertThat(autoscaler.asked(4, Map.of(CONNECTIONS, 110.0))).isEqualTo(4);
        assertThat(autoscaler.asked(4, Map.of(CONNECTIONS, 111.0))).isEqualTo(5);
        assertThat(autoscaler.asked(40, Map.of(CONNECTIONS, 90.0))).isEqualTo(40);
        assertThat(autoscaler.asked(40, Map.of(CONNECTIONS, 89.0))).isEqualTo(36);
    }

    @Test
    void goesByTheMetricThatAsksForMost() {
        assertThat(autoscaler.asked(4, Map.of("cpu", 140.0, "memory", 20.0, CONNECTIONS, 5.0)))
                .isEqualTo(8);
    }

    @Test
    void addsHalfAMinuteOnceItWasAskedForAMinute() {
        looks(Duration.ofMinutes(2), 400);

        assertThat(looks(Duration.ofMinutes(5), 4_000)).containsExactly(6, 9, 14, 20);
    }

    @Test
    void aPeakOfLessThanAMinuteAddsNothing() {
        looks(Duration.ofMinutes(2), 400);
        looks(Duration.ofSeconds(45), 4_000);

        assertThat(looks(Duration.ofMinutes(5), 400)).isEmpty();
    }

    @Test
    void takesATenthAMinuteOrOneAfterFiveQuietMinutes() {
        pods = 20;
        looks(Duration.ofMinutes(2), 2_000);

        assertThat(looks(Duration.ofSeconds(270), 100)).isEmpty();
        assertThat(looks(Duration.ofMinutes(5), 100)).containsExactly(18, 16, 14, 12, 10);
    }

    @Test
    void keepsToTheBoundsOfTheResource() {
        pods = 3;
        looks(Duration.ofMinutes(20), 10);

        assertThat(pods).isEqualTo(2);
    }

    @Test
    void aMetricThatTheObjectDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> autoscaler.target("requests"))
                .hasMessageContaining("requests")
                .hasMessageContaining(CONNECTIONS);
    }

    /** @return the numbers of pods that it went to */
    private List<Integer> looks(Duration time, double connections) {
        var went = new ArrayList<Integer>();
        for (var end = now.plus(time); now.compareTo(end) < 0; now = now.plus(Autoscaler.PERIOD)) {
            int next = autoscaler.look(now, pods, Map.of(CONNECTIONS, connections / pods));
            if (next != pods) {
                went.add(next);
            }
            pods = next;
        }
        return went;
    }
}
