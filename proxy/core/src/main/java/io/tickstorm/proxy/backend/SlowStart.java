package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.balance.SlowStartSettings;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Brings upstreams that are new, or back, up to their share, step by step. Any thread; a timer only while one warms up.
 *
 * <p>With its share also the number of attempts that it should run at once grows, relative to what its warm peers run at
 * the time of each step: a share of the requests alone does not protect a cold process that is ten times slower, since ten
 * times as many of them pile up on it. Upstreams that are all new have no warm peers and the same share.
 */
final class SlowStart {
    // Steps that nobody notices: each adds a thirtieth of the share.
    private static final int STEPS = 30;

    private final Ticker ticker;
    private final Timers timers;
    private final Supplier<List<Member>> members;
    private final Runnable stepped;
    private final AtomicBoolean stepping = new AtomicBoolean();
    private volatile SlowStartSettings settings;

    /**
     * @param members all of the backend
     * @param stepped run after shares have changed
     */
    SlowStart(
            SlowStartSettings settings,
            Ticker ticker,
            Timers timers,
            Supplier<List<Member>> members,
            Runnable stepped) {
        this.settings = settings;
        this.ticker = ticker;
        this.timers = timers;
        this.members = members;
        this.stepped = stepped;
    }

    /** Goes on by other settings, from the next step on. */
    void change(SlowStartSettings changed) {
        settings = changed;
    }

    /** An upstream is new, or back; the caller refreshes the rotation. */
    void begin(Member member) {
        if (settings.off()) {
            return;
        }
        member.warmsSince(ticker.nanos());
        member.upstream().warm(settings.minimum() / 100.0, 1);
        schedule();
    }

    private void schedule() {
        if (stepping.compareAndSet(false, true)) {
            // Not zero, however short the window: with a manual clock, time would stand still.
            timers.after(settings.window().dividedBy(STEPS).plusNanos(1), this::step);
        }
    }

    private void step() {
        stepping.set(false);
        long now = ticker.nanos();
        boolean left = false;
        double warmLoad = warmLoad();
        for (var member : members.get()) {
            if (member.warming()) {
                double warmth = warmth(now - member.warmsSince());
                if (warmth < 1) {
                    double share = member.upstream().endpoint().weight() * warmth;
                    member.upstream().warm(warmth, ceiling(share * warmLoad));
                    left = true;
                } else {
                    member.warm();
                }
            }
        }
        if (left) {
            schedule();
        }
        stepped.run();
    }

    private double warmth(long nanos) {
        var window = Duration.ofNanos(nanos);
        return settings.off() || window.compareTo(settings.window()) >= 0
                ? 1
                : Math.max(
                        settings.minimum() / 100.0,
                        (double) nanos / settings.window().toNanos());
    }

    /** Attempts in flight for each unit of weight, on those that get work and are warm; NaN if there is none. */
    private double warmLoad() {
        long weight = 0;
        long inFlight = 0;
        for (var member : members.get()) {
            if (!member.warming() && member.upstream().available()) {
                weight += member.upstream().endpoint().weight();
                inFlight += member.upstream().inFlight();
            }
        }
        return weight == 0 ? Double.NaN : (double) inFlight / weight;
    }

    private static int ceiling(double load) {
        return Double.isNaN(load) ? Integer.MAX_VALUE : (int) Math.max(1, Math.ceil(load));
    }
}
