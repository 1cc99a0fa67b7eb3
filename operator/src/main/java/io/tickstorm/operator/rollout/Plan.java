package io.tickstorm.operator.rollout;

import io.tickstorm.operator.crd.RolloutSpec;
import io.tickstorm.operator.crd.RolloutSpec.Strategy;
import io.tickstorm.operator.desired.Track;
import io.tickstorm.operator.desired.Tracks;
import java.util.ArrayList;

/** What should run by what is remembered. */
public final class Plan {
    private static final int ALL = 100;

    private Plan() {}

    /**
     * The versions that run.
     *
     * @param replicas as {@link Facts#replicas}
     * @param first pods that the active version begins with, where an autoscaler goes on from there; else the same
     */
    public static Tracks tracks(Memory memory, RolloutSpec rollout, int replicas, int first) {
        var running = new ArrayList<Track>();
        var trial = memory.trial();
        var kept = memory.kept();
        running.add(new Track(memory.active(), memory.stable(), first, trial == null ? ALL : ALL - trial.weight()));
        if (trial != null) {
            running.add(new Track(
                    memory.idle(), trial.version(), replicas(trial, Stages.of(rollout), replicas), trial.weight()));
        } else if (kept != null) {
            running.add(new Track(memory.idle(), kept.version(), kept.replicas(), 0));
        }
        var preview =
                rollout.strategy() == Strategy.BLUE_GREEN ? trial == null ? memory.active() : memory.idle() : null;
        return new Tracks(memory.active(), running, trial == null ? 0 : trial.floor(), preview);
    }

    /** Pods of a trial. One that is being taken out keeps those for the weight that it had. */
    static int replicas(Trial trial, Stages stages, int all) {
        if (all == 0) {
            return 0;
        }
        if (trial.back() > 0) {
            return Math.max(trial.back(), all);
        }
        var percent = trial.withdrawal() == null
                ? stages.at(trial.step()).pods()
                : trial.withdrawal().from();
        return Math.max(1, (all * percent + ALL - 1) / ALL);
    }
}
