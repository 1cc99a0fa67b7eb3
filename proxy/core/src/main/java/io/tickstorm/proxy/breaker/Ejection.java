package io.tickstorm.proxy.breaker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether one upstream is ejected, and how it comes back; see the package for its states. Any thread; an immutable state is
 * swapped by compare-and-set, and not at all by what ends while it is in rotation.
 *
 * <p>It owns no clock: whoever is told a time calls {@link #probe} when it is over.
 */
public final class Ejection {
    // Proxies that eject the same upstream at once must not all come back to it at once.
    private static final double JITTER = 0.2;

    private final RandomGenerator random;
    private final AtomicReference<State> state = new AtomicReference<>(new In(0));

    /** @param random safe for use by any thread */
    public Ejection(RandomGenerator random) {
        this.random = random;
    }

    /** Why an upstream is ejected. */
    public enum Cause {
        /** It failed more than its peers. */
        OUTLIER,
        /** Answers were awaited and nothing was heard of it. */
        SILENCE
    }

    /** Whether it would refuse an attempt now: it is out, or its probe runs. */
    public boolean holds() {
        return switch (state.get()) {
            case In in -> false;
            case Out out -> true;
            case Probing probing -> probing.running();
        };
    }

    /** Why it is out or on probation; null if it is neither. */
    public @Nullable Cause cause() {
        return switch (state.get()) {
            case In in -> null;
            case Out out -> out.cause();
            case Probing probing -> probing.cause();
        };
    }

    /** Whether it is out: not in rotation, and not on probation. */
    public boolean out() {
        return state.get() instanceof Out;
    }

    /** Whether attempts of its own run on it: it is in rotation, or its probe runs. */
    public boolean working() {
        return switch (state.get()) {
            case In in -> true;
            case Out out -> false;
            case Probing probing -> probing.running();
        };
    }

    /** How often in a row it was ejected; one less after each interval that it got through. */
    public int times() {
        return state.get().times();
    }

    /** Takes it out, or out again while it is on probation. How long for; null if it is out already. */
    public @Nullable Duration eject(Cause cause, OutlierEjectionSettings settings) {
        while (true) {
            var now = state.get();
            if (now instanceof Out) {
                return null;
            }
            int times = now.times() + 1;
            if (state.compareAndSet(now, new Out(times, cause))) {
                return time(times, settings);
            }
        }
    }

    /** The time is over, or there is a sign of life. True if it was out: it is on probation now. */
    public boolean probe() {
        return state.get() instanceof Out out && state.compareAndSet(out, new Probing(out.times(), out.cause(), null));
    }

    /**
     * Asks for an attempt. Whoever is admitted reports its end, of a probe exactly one, with what it got here.
     *
     * @param before what another judge of the same upstream said; if it is a probe there, it is the same one here
     */
    public Admission admit(Admission before) {
        while (true) {
            switch (state.get()) {
                case In in -> {
                    return Admission.FREE;
                }
                case Out out -> {
                    return Admission.REFUSED;
                }
                case Probing probing -> {
                    if (probing.running()) {
                        return Admission.REFUSED;
                    }
                    var probe = before.probes() ? before : Admission.ofProbe();
                    if (state.compareAndSet(probing, new Probing(probing.times(), probing.cause(), probe))) {
                        return probe;
                    }
                }
            }
        }
    }

    /** An attempt ended well. True if that ended its probation. */
    public boolean success(Admission by) {
        return state.get() instanceof Probing probing
                && probing.probe() == by
                && state.compareAndSet(probing, new In(probing.times()));
    }

    /** An attempt failed. How long it is out if that ended its probation, else null. */
    public @Nullable Duration failure(Admission by, OutlierEjectionSettings settings) {
        if (!(state.get() instanceof Probing probing) || probing.probe() != by) {
            return null;
        }
        int times = probing.times() + 1;
        return state.compareAndSet(probing, new Out(times, probing.cause())) ? time(times, settings) : null;
    }

    /** An attempt ended without saying anything. True if that freed the probe. */
    public boolean cancelled(Admission by) {
        return state.get() instanceof Probing probing
                && probing.probe() == by
                && state.compareAndSet(probing, new Probing(probing.times(), probing.cause(), null));
    }

    /** It got through an interval in rotation: that much is forgotten. */
    public void calm() {
        if (state.get() instanceof In in && in.times() > 0) {
            state.compareAndSet(in, new In(in.times() - 1));
        }
    }

    /** Another process is there: nothing is known of it. */
    public void reset() {
        state.set(new In(0));
    }

    private Duration time(int times, OutlierEjectionSettings settings) {
        long base = settings.baseTime().toNanos();
        long most = settings.maxTime().toNanos();
        // By division: the product may not fit.
        long time = times > most / base ? most : base * times;
        return Duration.ofNanos(time + (long) (JITTER * time * random.nextDouble()));
    }

    private sealed interface State {
        int times();
    }

    /** In rotation. */
    private record In(int times) implements State {}

    /** Ejected. */
    private record Out(int times, Cause cause) implements State {}

    /** @param probe the one attempt it gets, while that is under way */
    private record Probing(int times, Cause cause, @Nullable Admission probe) implements State {
        boolean running() {
            return probe != null;
        }
    }
}
