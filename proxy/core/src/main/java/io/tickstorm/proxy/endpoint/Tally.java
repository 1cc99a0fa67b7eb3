package io.tickstorm.proxy.endpoint;

import java.util.concurrent.atomic.LongAdder;

/** What became of the attempts on an upstream since it was discovered. Any thread may read; its leases and backend write. */
public final class Tally {
    private final LongAdder requests = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final Histogram answers = new Histogram();

    Tally() {}

    /** Attempts that began, retries included. */
    public long requests() {
        return requests.sum();
    }

    /** Attempts that followed a failed one of the same request. */
    public long retries() {
        return retries.sum();
    }

    /** Attempts that ended well. */
    public long successes() {
        return successes.sum();
    }

    /** Attempts that failed. */
    public long failures() {
        return failures.sum();
    }

    /** Attempts that failed before there was a connection. */
    public long connectFailures() {
        return connectFailures.sum();
    }

    /** How long attempts took that did not fail: to the head of the answer, for TCP to the connection. */
    public Histogram answers() {
        return answers;
    }

    /** For its lease: the attempt for which a place was reserved begins. */
    public void begin(boolean retry) {
        requests.increment();
        if (retry) {
            retries.increment();
        }
    }

    /** For its backend: the attempt that ended went well. */
    public void success() {
        successes.increment();
    }

    /** For its backend: the attempt that ended had failed. */
    public void failure(FailureKind kind) {
        failures.increment();
        if (kind.connecting()) {
            connectFailures.increment();
        }
    }
}
