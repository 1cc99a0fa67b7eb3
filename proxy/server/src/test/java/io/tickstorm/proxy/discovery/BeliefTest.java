package io.tickstorm.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import org.junit.jupiter.api.Test;

class BeliefTest {
    private final Belief belief = new Belief();

    @Test
    void theFirstSetIsBelievedEvenIfItIsEmpty() {
        assertThat(belief.watched(EndpointSet.EMPTY)).isEqualTo(new Belief.Verdict(EndpointSet.EMPTY, false));
    }

    @Test
    void whatComesAndWhatChangesIsBelievedAtOnce() {
        belief.listed(set(pod("a")));

        assertThat(belief.watched(set(pod("a"), pod("b"))).set()).isEqualTo(set(pod("a"), pod("b")));
        assertThat(belief.watched(set(leaving("a"), pod("b"))).set()).isEqualTo(set(leaving("a"), pod("b")));
        assertThat(belief.watched(set(pod("b")))).isEqualTo(new Belief.Verdict(set(pod("b")), false));
    }

    @Test
    void whatDisappearsWithoutHavingLeftStaysUntilAListSaysSo() {
        belief.listed(set(pod("a"), pod("b")));

        assertThat(belief.watched(set(pod("b")))).isEqualTo(new Belief.Verdict(set(pod("b"), pod("a")), true));
        assertThat(belief.watched(set(pod("b"), pod("c"))).set()).isEqualTo(set(pod("b"), pod("c"), pod("a")));
        assertThat(belief.listed(set(pod("b"), pod("c"))))
                .isEqualTo(new Belief.Verdict(set(pod("b"), pod("c")), false));
    }

    @Test
    void whatIsMovedByTwoEventsNeverDisappears() {
        belief.listed(set(pod("a"), pod("b")));

        var between = belief.watched(set(pod("a")));
        var after = belief.watched(set(pod("a"), pod("b")));

        assertThat(between).isEqualTo(new Belief.Verdict(null, true));
        assertThat(after).isEqualTo(new Belief.Verdict(null, false));
    }

    @Test
    void anAddressThatHasPassedToAnotherPodIsNotKeptForTheOneBefore() {
        belief.listed(set(pod("a"), pod("b")));
        var heir = Endpoint.active(new EndpointId("uid-c", "10.0.0.a", 8000), "c");

        assertThat(belief.watched(set(heir, pod("b")))).isEqualTo(new Belief.Verdict(set(heir, pod("b")), false));
    }

    @Test
    void nobodyLeftNeedsAListEvenIfTheyWereLeaving() {
        belief.listed(set(leaving("a")));

        assertThat(belief.watched(EndpointSet.EMPTY)).isEqualTo(new Belief.Verdict(null, true));
        assertThat(belief.listed(EndpointSet.EMPTY)).isEqualTo(new Belief.Verdict(EndpointSet.EMPTY, false));
    }

    @Test
    void afterAFailureAnEmptyListNeedsASecondOne() {
        belief.listed(set(pod("a")));
        belief.failed();

        assertThat(belief.listed(EndpointSet.EMPTY)).isEqualTo(new Belief.Verdict(null, true));
        belief.failed();
        assertThat(belief.listed(EndpointSet.EMPTY)).isEqualTo(new Belief.Verdict(null, true));
        assertThat(belief.listed(EndpointSet.EMPTY)).isEqualTo(new Belief.Verdict(EndpointSet.EMPTY, false));
    }

    @Test
    void aListThatIsNotEmptyEndsTheDoubt() {
        belief.failed();

        assertThat(belief.listed(set(pod("a"))).set()).isEqualTo(set(pod("a")));
        assertThat(belief.listed(EndpointSet.EMPTY).set()).isEqualTo(EndpointSet.EMPTY);
    }

    private static EndpointSet set(Endpoint... endpoints) {
        return EndpointSet.of(endpoints);
    }

    private static Endpoint pod(String name) {
        return Endpoint.active(new EndpointId("uid-" + name, "10.0.0." + name, 8000), name);
    }

    private static Endpoint leaving(String name) {
        return pod(name).with(Condition.DRAINING);
    }
}
