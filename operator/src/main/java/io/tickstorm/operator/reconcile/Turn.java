package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.tickstorm.operator.crd.RolloutStatus;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.RolloutRecord;
import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.desired.Tracks;
import io.tickstorm.operator.desired.Version;
import io.tickstorm.operator.rollout.Decision;
import io.tickstorm.operator.rollout.Decision.Phase;
import io.tickstorm.operator.rollout.Facts;
import io.tickstorm.operator.rollout.MemoryText;
import org.jspecify.annotations.Nullable;

/** What was decided about the versions of a cluster, and why. Pure data. */
record Turn(Version wanted, Facts facts, Decision decision, Tracks tracks) {
    private static final int ALL = 100;

    /** The slot whose pods count as the backends. */
    Slot active() {
        return tracks.active();
    }

    ConfigMap written(TickStormCluster cluster) {
        return RolloutRecord.of(cluster, MemoryText.write(decision.memory()));
    }

    /** What is under way, in words; null if nothing is. */
    @Nullable
    String underWay() {
        return decision.phase().underWay() ? "rollout: " + decision.message() : null;
    }

    /** That the wanted version was given up; null if it was not. */
    @Nullable
    Trouble trouble() {
        if (decision.phase() != Phase.ABORTED) {
            return null;
        }
        return new Trouble(
                "RolloutAborted",
                decision.message()
                        + ". Change spec.backend to another version; to try the same one again, change anything of its pods, such as an environment variable");
    }

    RolloutStatus status() {
        var memory = decision.memory();
        var trial = memory.trial();
        var kept = memory.kept();
        var aborted = memory.aborted();
        var weight = trial == null ? memory.stable().is(wanted) ? ALL : 0 : trial.weight();
        var steps = steps();
        return new RolloutStatus(
                facts.rollout().strategy().word(),
                decision.phase().word(),
                wanted.revision(),
                memory.stable().revision(),
                kept == null ? null : kept.version().revision(),
                aborted == null ? null : aborted.revision(),
                trial == null || trial.step() >= steps ? null : (trial.step() + 1) + "/" + steps,
                weight,
                trial == null ? ALL : ALL - trial.weight(),
                trial == null ? null : acknowledged(),
                decision.verdict(),
                decision.message());
    }

    private String acknowledged() {
        var proxies = facts.proxies();
        return (proxies.all() - proxies.without().size()) + "/" + proxies.all();
    }

    private int steps() {
        return facts.rollout().steps();
    }
}
