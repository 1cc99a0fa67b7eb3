package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.breaker.AnswerTimes;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Looks for upstreams that have fallen silent: answers are awaited, nothing has been heard for longer than answers of this
 * backend usually take. Any thread; a timer only while answers are awaited.
 *
 * <p>It looks {@value #LOOKS} times in the time of the silence. That is how exact it is: an upstream is found after the
 * silence and before two looks more, 1 s to 1.25 s with the default. In return a request costs no reading of a clock.
 */
final class SilenceWatch {
    private static final int LOOKS = 8;
    // How long answers usually take is known from the last 5 to 10 minutes: a service that turns slow is believed at
    // once,
    // one that was slow for a moment is not trusted again for that long.
    private static final long MEMORY_NANOS = Duration.ofMinutes(5).toNanos();

    private final Duration look;
    private final Ticker ticker;
    private final Timers timers;
    private final Supplier<List<Member>> members;
    private final Consumer<Silent> found;
    private final Consumer<Member> heard;
    private final AnswerTimes times;
    private final AtomicBoolean watching = new AtomicBoolean();
    private volatile boolean closed;
    private long turned;

    /**
     * @param nanos for how long nothing was heard, at least
     * @param peerHeard whether one of the others was heard meanwhile, so that it is not us who are cut off
     */
    record Silent(Member member, long nanos, boolean peerHeard) {}

    /**
     * @param silence above zero
     * @param members all of the backend
     * @param found told at each look, again and again as long as one stays silent
     * @param heard told at each look of those that were heard
     */
    SilenceWatch(
            Duration silence,
            Ticker ticker,
            Timers timers,
            Supplier<List<Member>> members,
            Consumer<Silent> found,
            Consumer<Member> heard) {
        this.look = silence.dividedBy(LOOKS);
        this.ticker = ticker;
        this.timers = timers;
        this.members = members;
        this.found = found;
        this.heard = heard;
        this.times = new AnswerTimes(silence.toNanos());
        this.turned = ticker.nanos();
    }

    /** An answer is awaited from now on. To be called after it was counted: see {@link #goOn}. */
    void awaited() {
        if (!watching.get() && watching.compareAndSet(false, true)) {
            long now = ticker.nanos();
            timers.after(look, () -> {
                // Nothing was awaited before, so nobody was silent.
                members.get().forEach(member -> member.sounds().from(now));
                look();
            });
        }
    }

    /** An answer came after this time. */
    void answered(long nanos) {
        times.observe(nanos);
    }

    /** Looks no more. */
    void close() {
        closed = true;
    }

    private void look() {
        if (closed) {
            return;
        }
        long now = ticker.nanos();
        if (now - turned >= MEMORY_NANOS) {
            turned = now;
            times.turn();
        }
        // Two passes: whether a peer was heard must not depend on the order.
        for (var member : members.get()) {
            if (member.sounds().listen(now)) {
                heard.accept(member);
            }
        }
        long usual = times.usual();
        for (var member : members.get()) {
            long silent = now - member.sounds().last();
            // One look more: the first answer awaited may have been asked for just before the look that began the
            // silence.
            if (member.upstream().replies().awaited() > 0 && silent - look.toNanos() >= usual) {
                found.accept(new Silent(member, silent - look.toNanos(), peerHeard(member)));
            }
        }
        goOn();
    }

    /**
     * Whoever counts an answer as awaited looks at {@code watching} afterwards, and we look at the counts after we have
     * cleared it: one of the two sees the other.
     */
    private void goOn() {
        if (anyAwaited()) {
            timers.after(look, this::look);
            return;
        }
        watching.set(false);
        if (anyAwaited()) {
            awaited();
        }
    }

    private boolean anyAwaited() {
        for (var member : members.get()) {
            if (member.upstream().replies().awaited() > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean peerHeard(Member silent) {
        for (var member : members.get()) {
            if (member != silent && member.sounds().heardAfter(silent.sounds().last())) {
                return true;
            }
        }
        return false;
    }
}
