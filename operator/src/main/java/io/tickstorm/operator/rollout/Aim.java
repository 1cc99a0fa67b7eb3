package io.tickstorm.operator.rollout;

import io.tickstorm.operator.crd.RolloutSpec.Strategy;
import io.tickstorm.operator.desired.Version;
import io.tickstorm.operator.rollout.Memory.Aborted;
import java.time.Instant;

/**
 * Where a rollout is to end.
 *
 * @param memory with what is given up now
 * @param target the version that is to have all the traffic in the end
 */
record Aim(Memory memory, Version target) {
    static Aim of(Memory before, Facts facts, Instant now) {
        var memory = withAbortions(before, facts, now);
        return new Aim(memory, target(memory, facts.wanted()));
    }

    /** What was given up is forgotten with the wish for it; what a person forbids is given up. */
    private static Memory withAbortions(Memory before, Facts facts, Instant now) {
        var memory = before;
        var wanted = facts.wanted();
        var forbidden = wanted.revision().equals(facts.rollout().abort());
        var known = memory.aborted();
        if (known != null
                && (!known.revision().equals(wanted.revision())
                        || (facts.rollout().strategy() == Strategy.ROLLING_UPDATE && !forbidden))) {
            memory = memory.with((Aborted) null);
        }
        if (forbidden && memory.aborted() == null && !only(memory, wanted)) {
            memory = memory.with(new Aborted(wanted.revision(), "spec.backend.rollout.abort names it", now));
        }
        return memory;
    }

    /** Whether no other version runs. */
    private static boolean only(Memory memory, Version wanted) {
        var trial = memory.trial();
        return memory.stable().is(wanted) && memory.kept() == null && (trial == null || trial.back() == 0);
    }

    private static Version target(Memory memory, Version wanted) {
        if (memory.aborted() == null) {
            return wanted;
        }
        if (!memory.stable().is(wanted)) {
            return memory.stable();
        }
        if (memory.kept() != null) {
            return memory.kept().version();
        }
        var trial = memory.trial();
        return trial != null && trial.back() > 0 ? trial.version() : wanted;
    }
}
