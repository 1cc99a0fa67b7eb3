package io.tickstorm.proxy.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EndpointSetTest {
    private final Endpoint a = Endpoint.active(new EndpointId("u1", "10.0.0.1", 80), "a");

    @Test
    void keepsTheOrderAndEachIdOnce() {
        var b = Endpoint.active(new EndpointId("u2", "10.0.0.2", 80), "b");
        var later = Endpoint.active(a.id(), "a, renamed");

        assertThat(EndpointSet.of(a, b, later).endpoints()).containsExactly(later, b);
    }

    @Test
    void terminationIsNotTakenBackByAnOlderCopy() {
        var draining = a.with(Condition.DRAINING);

        assertThat(EndpointSet.of(a, draining).endpoints()).containsExactly(draining);
        assertThat(EndpointSet.of(draining, a).endpoints()).containsExactly(draining);
    }

    @Test
    void aNewPodOnAnOldAddressIsAnotherEndpoint() {
        var successor = Endpoint.active(new EndpointId("u9", "10.0.0.1", 80), "a2");

        assertThat(EndpointSet.of(a, successor).endpoints()).hasSize(2);
    }

    @Test
    void refusesWeightsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Endpoint(a.id(), "a", null, 0, Condition.ACTIVE, null))
                .withMessage("weight: 0 (expected: 1..1000000) of a");
    }

    @Test
    void addressesOfVersion6AreBracketed() {
        assertThat(new EndpointId("", "fd00::1", 80).address()).isEqualTo("[fd00::1]:80");
        assertThat(new EndpointId("", "10.0.0.1", 80).address()).isEqualTo("10.0.0.1:80");
    }
}
