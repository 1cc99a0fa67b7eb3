package io.tickstorm.proxy.endpoint;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * How long a connection to one upstream may have been idle and still be used: learnt from when the upstream closes idle connections,
 * and from how long it leaves them open. All event loops share what one of them has seen.
 *
 * <p>There are two bounds. A request that may be sent twice rides on any connection that is probably open. One that must not be
 * sent twice rides only on a connection that was in use just now: between the last look at a connection and the arrival of what
 * is written to it, its server may close it, and then nobody can tell whether the request was read. That moment comes when
 * the idle timeout of the server runs out, so the second bound begins far below any that servers come with, and grows only
 * by proof.
 *
 * <p>A bound falls at once to a part of the age at which a connection was closed, and rises to the same part of the least age
 * among several connections in a row that were still open. So it follows a server that closes at a fixed age from below, and one
 * odd close (a reload, a worker that ends) is forgotten soon. Ages are in nanoseconds and come from the caller's clock. Any thread;
 * reading a bound is two volatile reads.
 */
public final class KeepAlive {
    /** Where the bound for requests that may be sent twice begins: below 5 s, the default of Node.js, uvicorn and Apache httpd. */
    public static final Duration START = Duration.ofSeconds(4);

    /** Beyond it nothing is gained: one handshake in half a minute costs nothing, an idle connection costs both sides memory. */
    public static final Duration LONGEST = Duration.ofSeconds(30);

    /**
     * Where the bound for requests that must not be sent twice begins. The shortest idle timeout that a server comes with is 2 s
     * (gunicorn); this leaves a factor of ten, and steady traffic stays on its connections.
     */
    public static final Duration START_ONCE = Duration.ofMillis(200);

    /** The most that proof can buy such requests: a handshake a second costs nothing. */
    public static final Duration LONGEST_ONCE = Duration.ofSeconds(1);

    private static final Rule ANY = new Rule(2, 3, Duration.ofMillis(50).toNanos(), LONGEST.toNanos());
    private static final Rule ONCE = new Rule(4, 20, Duration.ofMillis(25).toNanos(), LONGEST_ONCE.toNanos());
    private static final long NO_HINT = Long.MAX_VALUE;

    private final AtomicReference<Bound> any = new AtomicReference<>(Bound.at(START.toNanos()));
    private final AtomicReference<Bound> once = new AtomicReference<>(Bound.at(START_ONCE.toNanos()));
    private volatile long hint = NO_HINT;

    /**
     * How a bound learns.
     *
     * @param part the bound is this part of an age: 2 = half of it
     * @param proof connections in a row that must have been open for longer before it rises
     * @param least so that one odd close does not force a connection per request on us
     */
    private record Rule(int part, int proof, long least, long most) {
        Bound closed(Bound now, long age) {
            long fallen = Math.max(least, Math.min(now.nanos, age / part));
            return Bound.at(fallen);
        }

        Bound open(Bound now, long age) {
            if (age / part <= now.nanos || now.nanos == most) {
                return now;
            }
            long shortest = now.seen == 0 ? age : Math.min(now.shortest, age);
            return now.seen + 1 < proof
                    ? new Bound(now.nanos, now.seen + 1, shortest)
                    : Bound.at(Math.min(most, shortest / part));
        }
    }

    /**
     * @param nanos the bound
     * @param seen connections in a row that were open for longer than it accounts for
     * @param shortest the least age among them
     */
    private record Bound(long nanos, int seen, long shortest) {
        static Bound at(long nanos) {
            return new Bound(nanos, 0, 0);
        }
    }

    /**
     * The idle time up to which a connection may be used.
     *
     * @param repeatable whether the request may be sent again should the connection turn out to be closed
     */
    public long nanos(boolean repeatable) {
        // Of what the server says of itself a fifth is left for the way there; for what must not be sent twice, most of
        // it.
        long usable = Math.min(any.get().nanos, Math.max(ANY.least, hint / 5 * 4));
        return repeatable
                ? usable
                : Math.min(usable, Math.min(once.get().nanos, Math.max(ONCE.least, hint / ONCE.part)));
    }

    /**
     * The idle time for which one connection is left open, unused, to see how long it lives: enough for {@link #open} to raise the
     * bound, and for {@link #closed} to find the age at which the server closes.
     */
    public long watchNanos() {
        return (ANY.part + 1) * any.get().nanos;
    }

    /** The upstream has closed a connection that had been idle for so long, or for less. */
    public void closed(long age) {
        learn(any, now -> ANY.closed(now, age));
        learn(once, now -> ONCE.closed(now, age));
    }

    /** A connection is open after so long an idle time. To be told at most once for each idle time of a connection. */
    public void open(long age) {
        learn(any, now -> ANY.open(now, age));
        learn(once, now -> ONCE.open(now, age));
    }

    // Most news is none; then nothing is written that other threads read.
    private static void learn(AtomicReference<Bound> bound, UnaryOperator<Bound> news) {
        Bound now;
        Bound next;
        do {
            now = bound.get();
            next = news.apply(now);
        } while (!next.equals(now) && !bound.compareAndSet(now, next));
    }

    /**
     * The upstream has said when it closes idle connections. The latest word counts.
     *
     * @param seconds 0 or more
     */
    public void hinted(int seconds) {
        long said = Duration.ofSeconds(seconds).toNanos();
        if (hint != said) {
            hint = said;
        }
    }
}
