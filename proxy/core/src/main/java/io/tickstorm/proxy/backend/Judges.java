package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.breaker.Admission;
import io.tickstorm.proxy.breaker.CircuitBreaker;
import io.tickstorm.proxy.breaker.Ejection;
import io.tickstorm.proxy.breaker.Ejection.Cause;
import io.tickstorm.proxy.breaker.Ejector;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who judges the upstreams of a backend, and what follows from what they say: reasons that hold an upstream back, a slow
 * start when it comes back, and the events that tell of it. Any thread; nothing happens for an attempt that changes nobody's
 * standing but a few counts.
 */
final class Judges {
    // Discovery names a pod that is gone within about this time; a container that restarts in place takes longer, and
    // then costs one attempt a second, which goes elsewhere.
    private static final Duration UNREACHABLE_TIME = Duration.ofSeconds(1);

    private final Ticker ticker;
    private final Timers timers;
    private final RandomGenerator random;
    private final Rotations rotations;
    private final Consumer<BackendEvent> events;
    private final List<Consumer<Upstream>> silenceListeners = new CopyOnWriteArrayList<>();
    private final SlowStart slowStart;
    private final Comparison comparison;
    private volatile BackendSettings settings;
    private volatile @Nullable SilenceWatch silence;

    Judges(
            BackendSettings settings,
            Ticker ticker,
            Timers timers,
            RandomGenerator random,
            Rotations rotations,
            Consumer<BackendEvent> events) {
        this.settings = settings;
        this.ticker = ticker;
        this.timers = timers;
        this.random = random;
        this.rotations = rotations;
        this.events = events;
        this.slowStart =
                new SlowStart(settings.balancing().slowStart(), ticker, timers, rotations::members, rotations::refresh);
        this.comparison = new Comparison(settings.outlierEjection(), timers, rotations::members, this::outlier);
        this.silence = silenceWatch(settings.outlierEjection());
    }

    /** Judges by other settings from now on; what is held back stays so for as long as was said. */
    void change(BackendSettings changed) {
        var before = settings;
        settings = changed;
        slowStart.change(changed.balancing().slowStart());
        comparison.change(changed.outlierEjection());
        rotations.members().forEach(member -> member.breaker().change(changed.circuitBreaker()));
        if (!before.outlierEjection().silence().equals(changed.outlierEjection().silence())) {
            var old = silence;
            silence = silenceWatch(changed.outlierEjection());
            if (old != null) {
                old.close();
            }
        }
    }

    /** Ends what waits for a time, except for what belongs to a member. */
    void close() {
        comparison.close();
        var watch = silence;
        if (watch != null) {
            watch.close();
        }
    }

    void onSilent(Consumer<Upstream> listener) {
        silenceListeners.add(listener);
    }

    /** Somebody whom nobody knows yet. */
    Member member(Upstream upstream) {
        return new Member(upstream, ticker, new CircuitBreaker(settings.circuitBreaker()), new Ejection(random));
    }

    /** It gets work from now on, or again, for another reason than that a judge lets it; the caller refreshes the rotation. */
    void begins(Member member) {
        slowStart.begin(member);
    }

    /** What an active check says. */
    void checked(Upstream upstream, boolean healthy, String reason) {
        if (healthy
                ? !upstream.lift(HoldReason.FAILED_CHECK)
                : !upstream.hold(HoldReason.FAILED_CHECK, reason, ticker.nanos())) {
            return;
        }
        if (healthy) {
            rotations.members().stream()
                    .filter(member -> member.upstream() == upstream)
                    .forEach(slowStart::begin);
        }
        rotations.refresh();
        events.accept(
                healthy ? new BackendEvent.CheckPassed(upstream) : new BackendEvent.CheckFailed(upstream, reason));
    }

    /** An answer is awaited, and was counted as such. */
    void awaited() {
        var watch = silence;
        if (watch != null) {
            watch.awaited();
        }
    }

    /**
     * An attempt ended well.
     *
     * @param answerNanos how long its answer took; negative if none was awaited
     */
    void success(Member member, Admission by, long answerNanos) {
        member.upstream().tally().success();
        var watch = silence;
        if (watch != null && answerNanos >= 0 && !member.ejection().holds()) {
            // Not of one that was silent: the answers that it owed would teach that such times are usual.
            watch.answered(answerNanos);
        }
        boolean closed = member.breaker().success(by);
        boolean returned = member.ejection().success(by);
        if (returned) {
            slowStart.begin(member);
        }
        if (closed || returned) {
            changed(member);
        }
        if (closed) {
            events.accept(new BackendEvent.CircuitClosed(member.upstream()));
        }
        if (returned) {
            events.accept(new BackendEvent.Returned(member.upstream()));
        }
        comparison.ended();
    }

    void failure(Member member, FailureKind kind, Admission by) {
        var upstream = member.upstream();
        upstream.tally().failure(kind);
        boolean unreachable = kind.connecting() && member.unreachable(UNREACHABLE_TIME, timers, () -> changed(member));
        var openTime = member.breaker().failure(by);
        if (openTime != null) {
            member.opened(openTime, timers, () -> changed(member));
        }
        var timeOut = member.ejection().failure(by, settings.outlierEjection());
        if (timeOut != null) {
            member.ejected("the request that was to find out failed: " + kind, timeOut, timers, () -> changed(member));
        }
        if (unreachable || openTime != null || timeOut != null) {
            changed(member);
        }
        if (unreachable) {
            events.accept(new BackendEvent.Unreachable(upstream, kind));
        }
        if (openTime != null) {
            events.accept(new BackendEvent.CircuitOpened(upstream, kind, openTime));
        }
        comparison.ended();
    }

    void cancelled(Member member, Admission by) {
        // Both: one may be probing without the other.
        boolean freed = member.breaker().cancelled(by) | member.ejection().cancelled(by);
        if (freed) {
            changed(member);
        }
    }

    /** Makes what its judges say count; when this returns, the rotation shows it. */
    void changed(Member member) {
        member.publish();
        rotations.refresh();
    }

    private @Nullable SilenceWatch silenceWatch(OutlierEjectionSettings ejection) {
        return ejection.silence().isZero()
                ? null
                : new SilenceWatch(ejection.silence(), ticker, timers, rotations::members, this::silent, this::heard);
    }

    private void outlier(Member member, String detail) {
        eject(member, Cause.OUTLIER, detail);
    }

    private void silent(SilenceWatch.Silent silent) {
        var member = silent.member();
        if (!member.ejection().working()) {
            if (member.ejection().cause() == Cause.SILENCE && member.sounds().tellsAgain()) {
                tellOfSilence(member);
            }
            return;
        }
        int total = 0;
        int out = 0;
        int left = 0;
        for (var other : rotations.members()) {
            total += other.active() ? 1 : 0;
            out += other != member && other.active() && other.ejection().cause() != null ? 1 : 0;
            left += other != member && rotations.current().serves(other) && !other.lost() ? 1 : 0;
        }
        // With a peer that is heard it is certain who is cut off. Without, it may be us: then not all must go.
        boolean allowed =
                silent.peerHeard() ? left > 0 : new Ejector(settings.outlierEjection()).allows(total, out, left);
        if (!allowed) {
            return;
        }
        long awaited = member.upstream().replies().awaited();
        var detail = "nothing was heard for " + Durations.format(Duration.ofMillis(silent.nanos() / 1_000_000)) + ", "
                + (awaited == 1 ? "1 answer was awaited" : awaited + " answers were awaited");
        if (eject(member, Cause.SILENCE, detail)) {
            member.sounds().told();
            tellOfSilence(member);
        }
    }

    private void tellOfSilence(Member member) {
        silenceListeners.forEach(listener -> listener.accept(member.upstream()));
    }

    /** A sign of life of one that was silent ends its time: one request may find out how it is. */
    private void heard(Member member) {
        if (member.ejection().cause() == Cause.SILENCE && member.probe()) {
            changed(member);
        }
    }

    private boolean eject(Member member, Cause cause, String detail) {
        var time = member.ejection().eject(cause, settings.outlierEjection());
        if (time == null) {
            return false;
        }
        member.ejected(detail, time, timers, () -> changed(member));
        changed(member);
        events.accept(new BackendEvent.Ejected(member.upstream(), detail, time));
        return true;
    }
}
