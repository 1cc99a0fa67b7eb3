package io.tickstorm.operator.rollout;

import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.desired.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the versions of a cluster: all that cannot be seen by looking.
 *
 * @param active the slot of the stable version
 * @param stable the version that has proved itself, or was the first
 * @param trial the version that is about to take over, in the other slot
 * @param kept the former version, which runs on in the other slot; never beside a trial
 * @param aborted the wanted version that was given up
 */
public record Memory(
        Slot active,
        Version stable,
        @Nullable Trial trial,
        @Nullable Kept kept,
        @Nullable Aborted aborted) {

    /**
     * The former version after a promotion.
     *
     * @param replicas its pods, as many as when it had the traffic
     * @param since when the last proxy had acknowledged that it has none any more
     */
    public record Kept(Version version, int replicas, Instant since) {}

    /** A version that is not tried again while it is the wanted one. */
    public record Aborted(String revision, String why, Instant at) {}

    /** Nothing but a version that runs. */
    public static Memory of(Slot active, Version stable) {
        return new Memory(active, stable, null, null, null);
    }

    /** The slot beside the active one: that of the trial, or of what is kept. */
    public Slot idle() {
        return active.other();
    }

    Memory with(@Nullable Trial changed) {
        return new Memory(active, stable, changed, changed == null ? kept : null, aborted);
    }

    Memory with(@Nullable Aborted changed) {
        return new Memory(active, stable, trial, kept, changed);
    }

    Memory in(Version place) {
        return new Memory(active, place, trial, kept, aborted);
    }

    Memory withoutKept() {
        return new Memory(active, stable, trial, null, aborted);
    }
}
