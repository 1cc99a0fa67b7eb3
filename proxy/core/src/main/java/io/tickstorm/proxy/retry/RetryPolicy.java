package io.tickstorm.proxy.retry;

import io.tickstorm.proxy.endpoint.FailureKind;

/** The rule of which failures are followed by another attempt, and the budget for them. Any thread. */
public final class RetryPolicy {
    private final RetrySettings settings;
    private final RetryBudget budget;

    public RetryPolicy(RetrySettings settings, RetryBudget budget) {
        this.settings = settings;
        this.budget = budget;
    }

    /**
     * Whether the rule allows another attempt; the budget is asked apart.
     *
     * <ul>
     *   <li>Nothing was sent: any request may go elsewhere, nobody has seen it.
     *   <li>Something was sent, nothing came back: the work may have been done. Only a request that may be done twice
     *       (RFC 9110 section 9.2.1: safe methods), and whose body can be sent again. Not after a timeout: the client has
     *       waited as long as it should, and an upstream that is slow under load would get the same work twice.
     *   <li>An answer has begun: never. What came is the answer, a 5xx too.
     * </ul>
     *
     * @param safeMethod GET, HEAD, OPTIONS or TRACE
     * @param bodyReplayable whether all of the request's body that was sent is still there (true if it has none)
     * @param attemptsMade attempts that were begun, the failed one included: 1 or more
     */
    public boolean allows(
            FailureKind kind, WireState wire, boolean safeMethod, boolean bodyReplayable, int attemptsMade) {
        if (attemptsMade > settings.attempts()) {
            return false;
        }
        return switch (wire) {
            case NOTHING_SENT -> true;
            case SENT ->
                switch (kind) {
                    case CONNECT_REFUSED, CONNECT_TIMEOUT, CONNECT_FAILED, RESET, CLOSED_EARLY, SILENT ->
                        safeMethod && bodyReplayable;
                    case TIMEOUT, BAD_RESPONSE, STATUS_5XX -> false;
                };
            case RESPONSE_STARTED -> false;
        };
    }

    public RetryBudget budget() {
        return budget;
    }

    public RetrySettings settings() {
        return settings;
    }
}
