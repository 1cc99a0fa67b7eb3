package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.endpoint.FailureKind;

/** How an attempt ended. Everything that learns about upstreams learns from this. */
public sealed interface Outcome {
    /**
     * The upstream did its work.
     *
     * @param latencyNanos from the beginning of the attempt to the head of the answer; for TCP to the connection
     */
    record Success(long latencyNanos) implements Outcome {}

    /** The upstream did not. */
    record Failure(FailureKind kind) implements Outcome {}

    /** It ended for a reason that says nothing about the upstream: the client left, the proxy gave up. */
    record Cancelled() implements Outcome {}
}
