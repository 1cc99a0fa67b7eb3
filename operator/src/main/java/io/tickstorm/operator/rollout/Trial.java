package io.tickstorm.operator.rollout;

import io.tickstorm.operator.desired.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version on its way.
 *
 * @param version in the slot beside the active one
 * @param stages what the steps were when it began or they last changed
 * @param step index of its step; the number of steps = promotion
 * @param weight percent of the traffic that it has been given; below that of its step while pods for this step start
 * @param settled since when the step holds: its pods are ready and every proxy has the weight; null = not yet
 * @param shortSince since when it has fewer ready pods than its step needs; null = it has them
 * @param bad bad verdicts in a row
 * @param good whether the last verdict of this step was good
 * @param floor pods of the stable version when the trial began, to which it may have to go back
 * @param back pods that it left behind when it was the stable version before, and which still run; 0 = it is new
 * @param withdrawal why and since when it is being taken out; null = it is not
 */
public record Trial(
        Version version,
        String stages,
        int step,
        int weight,
        @Nullable Instant settled,
        @Nullable Instant shortSince,
        int bad,
        boolean good,
        int floor,
        int back,
        @Nullable Withdrawal withdrawal) {

    /**
     * The way out.
     *
     * @param failed whether the version is given up, and not only no longer wanted
     * @param why in words
     * @param from the weight that it had
     */
    public record Withdrawal(boolean failed, String why, int from, Instant since) {}

    /** A version that nobody has seen yet. */
    static Trial begin(Version version, String stages, int floor, Instant now) {
        return new Trial(version, stages, 0, 0, null, now, 0, false, floor, 0, null);
    }

    /** The former version, whose pods still run: at promotion at once. */
    static Trial back(Memory.Kept kept, Stages stages, int floor) {
        return new Trial(
                kept.version(),
                stages.key(),
                stages.count(),
                0,
                null,
                null,
                0,
                false,
                floor,
                Math.max(1, kept.replicas()),
                null);
    }

    Trial at(int next, String key) {
        return new Trial(version, key, next, weight, null, shortSince, 0, false, floor, back, null);
    }

    Trial given(int percent) {
        return new Trial(version, stages, step, percent, null, shortSince, bad, good, floor, back, withdrawal);
    }

    Trial settled(Instant now) {
        return new Trial(version, stages, step, weight, now, shortSince, bad, good, floor, back, withdrawal);
    }

    Trial shortSince(@Nullable Instant since) {
        return new Trial(version, stages, step, weight, settled, since, bad, good, floor, back, withdrawal);
    }

    Trial judged(int badInARow) {
        return new Trial(
                version, stages, step, weight, settled, shortSince, badInARow, badInARow == 0, floor, back, withdrawal);
    }

    Trial withdrawn(boolean failed, String why, Instant now) {
        return new Trial(
                version, stages, step, 0, null, null, bad, good, floor, back, new Withdrawal(failed, why, weight, now));
    }
}
