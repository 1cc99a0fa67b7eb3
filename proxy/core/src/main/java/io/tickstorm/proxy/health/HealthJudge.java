package io.tickstorm.proxy.health;

/**
 * Makes a verdict of single results: the first one decides at once, then {@code fall} failures in a row make it
 * unhealthy and {@code rise} successes in a row healthy again. For one thread at a time.
 */
final class HealthJudge {
    private final int rise;
    private final int fall;
    private boolean healthy;
    private boolean asked;
    private int against;
    private int decidedBy;

    /** @param healthy the verdict until there is a result */
    HealthJudge(HealthCheckSettings settings, boolean healthy) {
        this.healthy = healthy;
        rise = settings.rise();
        fall = settings.fall();
    }

    /** Takes a result; true if the verdict changed. */
    boolean judge(boolean passed) {
        int needed = !asked ? 1 : healthy ? fall : rise;
        asked = true;
        if (passed == healthy) {
            against = 0;
        } else if (++against == needed) {
            healthy = passed;
            decidedBy = against;
            against = 0;
            return true;
        }
        return false;
    }

    /** Whether the last results spoke against the verdict, but were too few to change it. */
    boolean doubts() {
        return against > 0;
    }

    /** How many results in a row made the verdict. */
    int decidedBy() {
        return decidedBy;
    }

    /** The verdict. */
    boolean healthy() {
        return healthy;
    }
}
