package io.tickstorm.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.rollout.Decision.Phase;

/** What users want of {@code spec.backend}, to be filled in: the version first. */
final class Wishes {
    static final String CANARY =
            "{image: 'shop:%s', ports: {http: 80}, replicas: %d, rollout: {strategy: Canary, canary: {steps: [{weight: 10, pause: 1m}, {weight: 50, pause: 1m}]}}}";
    static final String GATED =
            "{image: 'shop:%s', ports: {http: 80}, replicas: 4, rollout: {strategy: Canary, canary: {steps: [{weight: 25}], analysis: {enabled: false}}%s}}";
    static final String BLUE_GREEN =
            "{image: 'shop:%s', ports: {http: 80}, replicas: 4, rollout: {strategy: BlueGreen%s}}";
    static final String ROLLING = "{image: 'shop:%s', ports: {http: 80}, replicas: 4}";

    private Wishes() {}

    /** The second version has the traffic, the first one is kept. */
    static World promoted() {
        var world = new World(BLUE_GREEN.formatted("1", ""));
        world.spec(BLUE_GREEN.formatted("2", ""));
        world.spec(BLUE_GREEN.formatted("2", ", promote: " + world.wanted()));
        world.rest();
        assertThat(world.last.phase()).isEqualTo(Phase.KEPT);
        return world;
    }
}
