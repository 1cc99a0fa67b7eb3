package io.tickstorm.operator.rollout;

import io.tickstorm.operator.crd.RolloutSpec;
import io.tickstorm.operator.crd.RolloutSpec.Analysis;
import io.tickstorm.operator.crd.RolloutSpec.Canary;
import io.tickstorm.operator.crd.RolloutSpec.Strategy;
import io.tickstorm.proxy.settings.Durations;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a strategy up to promotion. Blue-green is one step without traffic and with all pods.
 *
 * @param analysis how steps are judged; null = they are not
 */
record Stages(
        Strategy strategy, List<Stage> stages, @Nullable Analysis analysis) {
    private static final int ALL = 100;

    Stages {
        stages = List.copyOf(stages);
    }

    /**
     * One step.
     *
     * @param weight percent of the traffic
     * @param pods percent of the stable version's pods that it needs
     * @param pause how long it lasts; null = until a person promotes
     */
    record Stage(int weight, int pods, @Nullable Duration pause) {}

    static Stages of(RolloutSpec rollout) {
        return switch (rollout.strategy()) {
            case ROLLING_UPDATE -> new Stages(rollout.strategy(), List.of(), null);
            case BLUE_GREEN -> {
                var after =
                        rollout.blueGreen() == null ? null : rollout.blueGreen().promoteAfter();
                yield new Stages(rollout.strategy(), List.of(new Stage(0, ALL, duration(after))), null);
            }
            case CANARY -> {
                var canary = rollout.canary() == null ? Canary.defaults() : rollout.canary();
                var analysis = canary.analysis();
                yield new Stages(
                        rollout.strategy(),
                        canary.steps().stream()
                                .map(step -> new Stage(step.weight(), step.weight(), duration(step.pause())))
                                .toList(),
                        analysis.enabled() ? analysis : null);
            }
        };
    }

    /** What makes them other steps; how long they last does not. */
    String key() {
        return strategy.word()
                + stages.stream()
                        .map(stage -> String.valueOf(stage.weight()))
                        .collect(Collectors.joining(",", ":", ""));
    }

    int count() {
        return stages.size();
    }

    boolean promotion(int step) {
        return step >= stages.size();
    }

    Stage at(int step) {
        return promotion(step) ? new Stage(ALL, ALL, Duration.ZERO) : stages.get(step);
    }

    /** The step from which a version with this weight goes on; the first one that gives it no less, or the last one before promotion. */
    int from(int weight) {
        for (int i = 0; i < stages.size(); i++) {
            if (stages.get(i).weight() >= weight) {
                return i;
            }
        }
        return Math.max(0, stages.size() - 1);
    }

    static @Nullable Duration duration(@Nullable String text) {
        return text == null ? null : judged(text);
    }

    /** A duration of a cluster without problems. */
    static Duration judged(String text) {
        var parsed = Durations.parse(text);
        if (parsed == null) {
            throw new IllegalArgumentException(
                    text + " (expected: a duration such as 5s, of a cluster without problems)");
        }
        return parsed;
    }
}
