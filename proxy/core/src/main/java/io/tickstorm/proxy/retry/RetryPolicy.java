package io.tickstorm.proxy.retry;

import io.tickstorm.proxy.endpoint.FailureKind;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The rule of which failures are followed by another attempt and when, and the budget for them. Any thread. */
public final class RetryPolicy {
    private static final int LEAST_FAILURE = 500;

    private final RetrySettings settings;
    private final RetryBudget budget;
    private final RandomGenerator random;

    /** @param random safe for use by any thread */
    public RetryPolicy(RetrySettings settings, RetryBudget budget, RandomGenerator random) {
        this.settings = settings;
        this.budget = budget;
        this.random = random;
    }

    /**
     * Whether the rule allows another attempt; the budget is asked apart.
     *
     * <ul>
     *   <li>Nothing was sent: any request may go elsewhere, nobody has seen it.
     *   <li>Something was sent, and what came back is nothing, or one of {@link RetrySettings#statuses} that the client has
     *       not seen: the work may have been done. Only a request that may be done twice (RFC 9110 section 9.2.1: safe
     *       methods), and whose body can be sent again. After a timeout only if attempts have one of their own: otherwise
     *       the client has waited as long as it should.
     *   <li>The client has seen some of the answer: never.
     * </ul>
     *
     * @param repeatable whether the request may be done twice, see {@link #repeatable}
     * @param bodyReplayable whether all of the request's body that was sent is still there (true if it has none)
     * @param attemptsMade attempts that were begun, the failed one included: 1 or more
     */
    public boolean allows(
            FailureKind kind, WireState wire, boolean repeatable, boolean bodyReplayable, int attemptsMade) {
        if (attemptsMade > settings.attempts()) {
            return false;
        }
        return switch (wire) {
            case NOTHING_SENT -> true;
            case SENT ->
                repeatable
                        && bodyReplayable
                        && switch (kind) {
                            case CONNECT_REFUSED,
                                    CONNECT_TIMEOUT,
                                    CONNECT_FAILED,
                                    TLS_FAILED,
                                    RESET,
                                    CLOSED_EARLY,
                                    SILENT,
                                    STATUS_5XX -> true;
                            case TIMEOUT -> !settings.perTryTimeout().isZero();
                            case NOT_PROCESSED, BAD_RESPONSE -> false;
                        };
            case RESPONSE_STARTED -> false;
        };
    }

    /**
     * Whether a request may be done twice.
     *
     * @param safeMethod GET, HEAD, OPTIONS or TRACE
     * @param keyed whether it has a field {@code Idempotency-Key}: its server knows a second one for the same
     */
    public boolean repeatable(boolean safeMethod, boolean keyed) {
        return safeMethod || (keyed && settings.idempotencyKey());
    }

    /** Whether an answer of this status is taken for a failure, as {@link FailureKind#STATUS_5XX}. */
    public boolean fails(int status) {
        return status >= LEAST_FAILURE && settings.statuses().contains(status); // what succeeds is not boxed
    }

    /**
     * How long to wait before the next attempt: anything from zero to a time that doubles with each retry, so that the
     * requests which one failure has hit do not come back all at once ("full jitter": Brooker, "Exponential Backoff And
     * Jitter", 2015). Nothing at all before the first retry of what was never sent: that goes elsewhere, and nobody has
     * been burdened with it yet.
     *
     * @param attemptsMade as for {@link #allows}
     */
    public Duration delay(FailureKind kind, WireState wire, int attemptsMade) {
        if (wire == WireState.NOTHING_SENT && attemptsMade <= 1) {
            return Duration.ZERO;
        }
        long base = settings.backoff().base().toNanos();
        long longest = Math.min(
                settings.backoff().max().toNanos(), base << Math.min(attemptsMade - 1, RetrySettings.MAX_ATTEMPTS));
        return longest <= 0 ? Duration.ZERO : Duration.ofNanos(random.nextLong(longest));
    }

    public RetryBudget budget() {
        return budget;
    }

    public RetrySettings settings() {
        return settings;
    }
}
