package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.RolloutSpec.Strategy;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What the schema says of {@code spec.backend.rollout}, and what the steps of a canary must be beside each other. */
final class RolloutShape {
    private static final Duration LONGEST = Duration.ofHours(24 * 30);
    private static final Syntax<String> REVISION =
            Syntax.matching("r[0-9a-f]{8}", "a revision as status.rollout.revision tells it");

    private RolloutShape() {}

    static Section judge(Section rollout) {
        var strategies = Arrays.stream(Strategy.values()).map(Strategy::word).collect(Collectors.toUnmodifiableSet());
        rollout.optionalText(
                "strategy",
                new Syntax<>("RollingUpdate, BlueGreen or Canary", text -> strategies.contains(text) ? text : null));
        rollout.optionalSection("canary", RolloutShape::canary);
        rollout.optionalSection("blueGreen", blueGreen -> {
            blueGreen.duration("promoteAfter", Duration.ZERO, LONGEST, Duration.ZERO);
            return blueGreen;
        });
        rollout.duration("keepPrevious", Duration.ZERO, LONGEST, Duration.ZERO);
        rollout.duration("progressDeadline", Duration.ofSeconds(1), LONGEST, Duration.ofSeconds(1));
        var promote = rollout.optionalText("promote", REVISION);
        var abort = rollout.optionalText("abort", REVISION);
        if (promote != null && promote.equals(abort)) {
            rollout.problem("abort", abort + " (expected: another revision than promote, or only one of the two)");
        }
        return rollout;
    }

    private static Section canary(Section canary) {
        var weights = canary.list("steps", step -> {
            step.duration("pause", Duration.ZERO, LONGEST, Duration.ZERO);
            return step.integer("weight", 1, 100);
        });
        for (int i = 1; i < weights.size(); i++) {
            if (weights.get(i) <= weights.get(i - 1)) {
                canary.problem(
                        "steps[" + i + "].weight",
                        weights.get(i) + " (expected: above the one before, " + weights.get(i - 1) + ")");
            }
        }
        canary.optionalSection("analysis", analysis -> {
            analysis.bool("enabled", true);
            analysis.duration("interval", Duration.ofSeconds(1), LONGEST, Duration.ofSeconds(1));
            analysis.integer("minRequests", 1, 1_000_000, 1);
            analysis.integer("maxErrorPercent", 0, 100, 0);
            analysis.duration("maxP99", Duration.ZERO, LONGEST, Duration.ZERO);
            analysis.integer("maxP99Percent", 0, 10_000, 0);
            analysis.integer("failures", 1, 100, 1);
            return analysis;
        });
        return canary;
    }
}
