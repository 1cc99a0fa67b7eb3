package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.breaker.Ejector;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.time.Timers;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Compares the upstreams after each interval in which attempts ended. Any thread; the interval begins with the first end,
 * so that there is a timer only while there is traffic.
 */
final class Comparison {
    private final Timers timers;
    private final Supplier<List<Member>> members;
    private final BiConsumer<Member, String> outlier;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile OutlierEjectionSettings settings;
    private volatile boolean closed;
    // What each had done at the end of the last interval; written by one comparison after the other.
    private Map<Member, Counts> before = Map.of();

    private record Counts(long succeeded, long failed) {
        static final Counts NONE = new Counts(0, 0);

        static Counts of(Member member) {
            var tally = member.upstream().tally();
            return new Counts(tally.successes(), tally.failures());
        }

        Ejector.Sample<Member> since(Counts before, Member member) {
            long failures = failed - before.failed();
            return new Ejector.Sample<>(member, succeeded - before.succeeded() + failures, failures);
        }
    }

    /** @param outlier told whom to eject, and why in words */
    Comparison(
            OutlierEjectionSettings settings,
            Timers timers,
            Supplier<List<Member>> members,
            BiConsumer<Member, String> outlier) {
        this.settings = settings;
        this.timers = timers;
        this.members = members;
        this.outlier = outlier;
    }

    /** Compares by other settings from the next interval on. */
    void change(OutlierEjectionSettings changed) {
        settings = changed;
    }

    /** An attempt has ended and was counted. */
    void ended() {
        if (!running.get() && !settings.interval().isZero() && running.compareAndSet(false, true)) {
            timers.after(settings.interval(), this::compare);
        }
    }

    /** Compares no more. */
    void close() {
        closed = true;
    }

    private void compare() {
        if (closed) {
            return;
        }
        var now = new IdentityHashMap<Member, Counts>();
        var samples = new ArrayList<Ejector.Sample<Member>>();
        int total = 0;
        int out = 0;
        for (var member : members.get()) {
            var counts = Counts.of(member);
            now.put(member, counts);
            if (!member.active()) {
                continue;
            }
            total++;
            if (member.ejection().cause() != null) {
                out++;
            } else if (member.upstream().available()) {
                samples.add(counts.since(before.getOrDefault(member, Counts.NONE), member));
            }
        }
        before = now;
        var outliers = new Ejector(settings).outliers(samples, total, out);
        for (var found : outliers) {
            outlier.accept(found.upstream(), found.detail());
        }
        for (var sample : samples) {
            // Few attempts, all of them good, count as well: or a quiet service would never forget.
            if (sample.ended() >= settings.minimumRequests() || (sample.ended() > 0 && sample.failed() == 0)) {
                sample.upstream().ejection().calm();
            }
        }
        running.set(false);
    }
}
