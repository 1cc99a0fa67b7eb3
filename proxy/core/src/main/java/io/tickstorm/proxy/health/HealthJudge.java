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
        against = passed == healthy ? 0 : against + 1;
        if (against < needed) {
            return false;
        }
        healthy = passed;
        against = 0;
        return true;
    }

    /** The verdict. */
    boolean healthy() {
        return healthy;
    }
}
