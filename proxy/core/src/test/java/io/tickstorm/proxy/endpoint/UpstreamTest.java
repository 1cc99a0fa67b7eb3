package io.tickstorm.proxy.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UpstreamTest {
    private final Endpoint endpoint = Endpoint.active(new EndpointId("u", "10.0.0.1", 80), "a");
    private final Upstream upstream = new Upstream(endpoint);

    @Test
    void countsWhatRunsAndWhatWas() {
        upstream.begin(false);
        upstream.begin(true);
        upstream.end();
        upstream.tally().failure(FailureKind.CONNECT_REFUSED);
        upstream.tally().failure(FailureKind.RESET);

        assertThat(upstream.inFlight()).isOne();
        assertThat(upstream.tally().requests()).isEqualTo(2);
        assertThat(upstream.tally().retries()).isOne();
        assertThat(upstream.tally().failures()).isEqualTo(2);
        assertThat(upstream.tally().connectFailures()).isOne();
    }

    @Test
    void isAvailableOnlyWhenNoReasonIsLeft() {
        assertThat(upstream.hold(HoldReason.FAILED_CHECK, "status 503", 1)).isTrue();
        assertThat(upstream.hold(HoldReason.FAILED_CHECK, "status 503", 1)).isFalse();
        upstream.hold(HoldReason.UNREACHABLE, "refused", 2);
        assertThat(upstream.holds()).containsExactly(HoldReason.FAILED_CHECK, HoldReason.UNREACHABLE);

        upstream.lift(HoldReason.FAILED_CHECK);
        assertThat(upstream.available()).isFalse();
        assertThat(upstream.heldBy(HoldReason.UNREACHABLE)).isTrue();
        assertThat(upstream.availableDespite(EnumSet.of(HoldReason.UNREACHABLE)))
                .isTrue();
        assertThat(upstream.availableDespite(Set.of())).isFalse();

        upstream.lift(HoldReason.UNREACHABLE);
        assertThat(upstream.available()).isTrue();
        assertThat(upstream.holds()).isEmpty();
    }

    @Test
    void drainingFollowsDiscovery() {
        upstream.update(endpoint.with(Condition.DRAINING), 1);
        assertThat(upstream.holds()).containsExactly(HoldReason.DRAINING);

        upstream.update(endpoint, 2);
        assertThat(upstream.available()).isTrue();
        assertThat(new Upstream(endpoint.with(Condition.DRAINING)).available()).isFalse();
    }

    @Test
    void refusesNewsOfAnotherEndpoint() {
        var other = Endpoint.active(new EndpointId("v", "10.0.0.1", 80), "b");

        assertThatIllegalArgumentException().isThrownBy(() -> upstream.update(other, 1));
    }
}
