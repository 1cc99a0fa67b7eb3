package io.tickstorm.proxy.endpoint;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What this proxy has learnt about an endpoint. There is one for each {@link EndpointId}, kept while discovery names it
 * and while work runs on it. Any thread may read; only its backend and the leases on it write.
 */
public final class Upstream {
    private final EndpointId id;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger holds = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final Latency latency = new Latency();
    private volatile Endpoint endpoint;
    private volatile boolean removed;

    public Upstream(Endpoint endpoint) {
        this.id = endpoint.id();
        this.endpoint = endpoint;
        hold(HoldReason.DRAINING, endpoint.condition() == Condition.DRAINING);
    }

    public EndpointId id() {
        return id;
    }

    /** What discovery said last. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Attempts that run on it now; exact. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Whether nothing holds it back. */
    public boolean available() {
        return holds.get() == 0;
    }

    public boolean heldBy(HoldReason reason) {
        return (holds.get() & reason.bit()) != 0;
    }

    /** Whether nothing but (some of) these reasons holds it back. */
    public boolean availableDespite(Set<HoldReason> ignored) {
        int bits = holds.get();
        for (var reason : ignored) {
            bits &= ~reason.bit();
        }
        return bits == 0;
    }

    /** Why it is held back, for display; empty if it is not. */
    public Set<HoldReason> holds() {
        int bits = holds.get();
        var reasons = EnumSet.noneOf(HoldReason.class);
        for (var reason : HoldReason.values()) {
            if ((bits & reason.bit()) != 0) {
                reasons.add(reason);
            }
        }
        return reasons;
    }

    /** Whether discovery names it no more. It never comes back: should its id return, that is a fresh upstream. */
    public boolean removed() {
        return removed;
    }

    /** How long its attempts took of late, failures counted as slow ones. */
    public Latency latency() {
        return latency;
    }

    /** Attempts since it was discovered, retries included. */
    public long requests() {
        return requests.sum();
    }

    /** Attempts that followed a failed one of the same request. */
    public long retries() {
        return retries.sum();
    }

    /** Attempts that failed. */
    public long failures() {
        return failures.sum();
    }

    /** Attempts that failed before there was a connection. */
    public long connectFailures() {
        return connectFailures.sum();
    }

    /** For its lease: an attempt begins. */
    public void begin(boolean retry) {
        inFlight.incrementAndGet();
        requests.increment();
        if (retry) {
            retries.increment();
        }
    }

    /** For its lease: an attempt has ended. */
    public void end() {
        inFlight.decrementAndGet();
    }

    /** For its lease: the attempt that ended had failed. */
    public void count(FailureKind failure) {
        failures.increment();
        if (failure.connecting()) {
            connectFailures.increment();
        }
    }

    /** For its backend: sets or lifts a reason to hold it back; true if that changed anything. */
    public boolean hold(HoldReason reason, boolean held) {
        int bit = reason.bit();
        int before = held ? holds.getAndUpdate(bits -> bits | bit) : holds.getAndUpdate(bits -> bits & ~bit);
        return ((before & bit) != 0) != held;
    }

    /** For its backend: discovery has news of it. */
    public void update(Endpoint latest) {
        if (!latest.id().equals(id)) {
            throw new IllegalArgumentException(latest.id() + " (expected: " + id + ")");
        }
        endpoint = latest;
        hold(HoldReason.DRAINING, latest.condition() == Condition.DRAINING);
    }

    /** For its backend: discovery names it no more. */
    public void remove() {
        removed = true;
    }

    @Override
    public String toString() {
        return endpoint.name() + " (" + id.address() + ")";
    }
}
