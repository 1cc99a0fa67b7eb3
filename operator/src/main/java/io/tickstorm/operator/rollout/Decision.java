package io.tickstorm.operator.rollout;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to do next.
 *
 * @param memory to be written down before it is acted on
 * @param phase where things stand
 * @param verdict what was last found of the new version; null = nothing
 * @param message what is waited for, or why something happened
 * @param happenings what a person should know, once
 * @param again when to look again, whatever happens
 * @param measureAnew whether the next verdict is about what is measured from now on
 */
public record Decision(
        Memory memory,
        Phase phase,
        @Nullable String verdict,
        String message,
        List<Happening> happenings,
        Duration again,
        boolean measureAnew) {

    public Decision {
        happenings = List.copyOf(happenings);
    }

    /** For an event. */
    public record Happening(boolean warning, String reason, String message) {}

    /** Where a change of versions is. */
    public enum Phase {
        STABLE("Stable"),
        STARTING("Starting"),
        STEP("Step"),
        WAITING("Waiting"),
        PROMOTING("Promoting"),
        KEPT("Kept"),
        WITHDRAWING("Withdrawing"),
        ABORTED("Aborted");

        private final String word;

        Phase(String word) {
            this.word = word;
        }

        /** As the status says it. */
        public String word() {
            return word;
        }

        /** Whether pods or traffic are on their way. */
        public boolean underWay() {
            return switch (this) {
                case STABLE, KEPT, ABORTED -> false;
                case STARTING, STEP, WAITING, PROMOTING, WITHDRAWING -> true;
            };
        }
    }
}
