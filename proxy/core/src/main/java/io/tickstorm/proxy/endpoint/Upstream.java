package io.tickstorm.proxy.endpoint;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What this proxy has learnt about an endpoint. There is one for each {@link EndpointId}, kept while discovery names it
 * and while work runs on it. Any thread may read; only its backend and the leases on it write.
 */
public final class Upstream {
    private final EndpointId id;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicReference<Holds> holds = new AtomicReference<>(Holds.NONE);
    private final Latency latency = new Latency();
    private final Tally tally = new Tally();
    private final Replies replies = new Replies();
    private final KeepAlive keepAlive = new KeepAlive();
    private final Connections connections = new Connections();
    private volatile double warmth = 1;
    private volatile int ceiling = Integer.MAX_VALUE;
    private volatile int limit;
    private volatile Endpoint endpoint;
    private volatile boolean drainedByHand;
    private volatile boolean removed;

    public Upstream(Endpoint endpoint) {
        this(endpoint, 0);
    }

    /** @param now as the {@link io.tickstorm.proxy.time.Ticker} of its backend counts: since when what discovery says holds */
    public Upstream(Endpoint endpoint, long now) {
        this.id = endpoint.id();
        this.endpoint = endpoint;
        follow(endpoint, now);
    }

    public EndpointId id() {
        return id;
    }

    /** What discovery said last. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** What is open to it. */
    public Connections connections() {
        return connections;
    }

    /** How long its idle connections may be used. */
    public KeepAlive keepAlive() {
        return keepAlive;
    }

    /** Attempts that run on it now; exact. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Its part of the work relative to others: its weight, less while it warms up; above 0. */
    public double share() {
        return endpoint.weight() * warmth;
    }

    /** How far it has warmed up since it began or came back: above 0, up to 1. */
    public double warmth() {
        return warmth;
    }

    /**
     * Whether it is still warming up and runs as many attempts as it should meanwhile, so that the next one had better go
     * elsewhere. Never true of a warm one.
     */
    public boolean atCeiling() {
        return inFlight.get() >= ceiling;
    }

    /** Whether nothing holds it back. */
    public boolean available() {
        return holds.get().bits() == 0;
    }

    public boolean heldBy(HoldReason reason) {
        return (holds.get().bits() & reason.bit()) != 0;
    }

    /** Whether nothing but (some of) these reasons holds it back. */
    public boolean availableDespite(Set<HoldReason> ignored) {
        int bits = holds.get().bits();
        for (var reason : ignored) {
            bits &= ~reason.bit();
        }
        return bits == 0;
    }

    /** What holds it back, without the words; empty if nothing does. */
    public Set<HoldReason> holds() {
        var reasons = EnumSet.noneOf(HoldReason.class);
        holds.get().list().forEach(hold -> reasons.add(hold.reason()));
        return reasons;
    }

    /** What holds it back, each with the words for it and since when, in the order of {@link HoldReason}. */
    public List<Hold> reasons() {
        return holds.get().list();
    }

    /** Whether somebody drains it by hand, which discovery does not know. */
    public boolean drainedByHand() {
        return drainedByHand;
    }

    /** Whether discovery names it no more. It never comes back: should its id return, that is a fresh upstream. */
    public boolean removed() {
        return removed;
    }

    /** How long its attempts took of late, failures counted as slow ones. */
    public Latency latency() {
        return latency;
    }

    /** What became of its attempts. */
    public Tally tally() {
        return tally;
    }

    /** What it is awaited to say, and says. */
    public Replies replies() {
        return replies;
    }

    /** Whether as many attempts run on it as may; never, if there is no limit. */
    public boolean full() {
        int max = limit;
        return max != 0 && inFlight.get() >= room(max);
    }

    /** A cold one has room for less, but always for one. */
    private int room(int max) {
        double part = warmth;
        return part >= 1 ? max : Math.max(1, (int) Math.ceil(max * part));
    }

    /**
     * For its backend: what it gets at once; 0 = no limit. What runs goes on, also if that is more.
     *
     * @param attempts that may run on it; no more than connections
     * @param open connections to it, idle ones included
     */
    public void limit(int attempts, int open) {
        limit = attempts;
        connections.limit(open);
    }

    /** For its backend: takes a place for one attempt; false if it is full. Whoever got true calls {@link #end} once. */
    public boolean tryReserve() {
        int max = limit;
        if (max == 0) {
            inFlight.incrementAndGet();
            return true;
        }
        int room = room(max);
        int now;
        do {
            now = inFlight.get();
            if (now >= room) {
                return false;
            }
        } while (!inFlight.compareAndSet(now, now + 1));
        return true;
    }

    /** For its lease: an attempt begins on it, whether there is a place or not. */
    public void begin(boolean retry) {
        inFlight.incrementAndGet();
        tally.begin(retry);
    }

    /** For its lease: an attempt has ended. */
    public void end() {
        inFlight.decrementAndGet();
    }

    /** For its backend: holds it back, or tells the same reason in other words; true if that reason is new. */
    public boolean hold(HoldReason reason, String detail, long now) {
        while (true) {
            var before = holds.get();
            var after = before.with(reason, detail, now);
            if (before == after || holds.compareAndSet(before, after)) {
                return (before.bits() & reason.bit()) == 0;
            }
        }
    }

    /** For its backend: a reason is gone; true if it was there. */
    public boolean lift(HoldReason reason) {
        while (true) {
            var before = holds.get();
            if ((before.bits() & reason.bit()) == 0) {
                return false;
            }
            if (holds.compareAndSet(before, before.without(reason))) {
                return true;
            }
        }
    }

    /**
     * For its backend: how far it has warmed up.
     *
     * @param warmth above 0, up to 1
     * @param ceiling attempts in flight above which others are preferred
     */
    public void warm(double warmth, int ceiling) {
        this.warmth = warmth;
        this.ceiling = ceiling;
    }

    /** For its backend, on its control thread: somebody drains it by hand, or does not any more. */
    public void drain(boolean byHand, long now) {
        drainedByHand = byHand;
        follow(endpoint, now);
    }

    /** For its backend, on its control thread: discovery has news of it. */
    public void update(Endpoint latest, long now) {
        if (!latest.id().equals(id)) {
            throw new IllegalArgumentException(latest.id() + " (expected: " + id + ")");
        }
        endpoint = latest;
        follow(latest, now);
    }

    private void follow(Endpoint latest, long now) {
        if (latest.condition() == Condition.NOT_READY) {
            hold(HoldReason.NOT_READY, "discovery says that it does not serve", now);
        }
        if (latest.condition() == Condition.DRAINING) {
            hold(HoldReason.DRAINING, "terminating", now);
        } else if (drainedByHand) {
            hold(HoldReason.DRAINING, "drained by hand", now);
        } else {
            lift(HoldReason.DRAINING);
        }
        if (latest.condition() != Condition.NOT_READY) {
            lift(HoldReason.NOT_READY);
        }
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
