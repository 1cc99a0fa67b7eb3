package io.tickstorm.proxy.breaker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Judges one upstream by how its attempts end; see the package for its states. Any thread; an immutable state is swapped
 * by compare-and-set, and only by what changes it: a success in a row of successes writes nothing.
 *
 * <p>It owns no clock: whoever is told that it opened calls {@link #probe()} when the open time is over. Attempts that
 * began before it opened end while it is open or probing; they say nothing about now and are ignored.
 */
public final class CircuitBreaker {
    private volatile CircuitBreakerSettings settings;
    private final AtomicReference<State> state = new AtomicReference<>(Closed.HEALTHY);

    public CircuitBreaker(CircuitBreakerSettings settings) {
        this.settings = settings;
    }

    /** New settings; what is open stays open for the time that it was told. */
    public void change(CircuitBreakerSettings changed) {
        settings = changed;
    }

    /** Failures since the last success, or those that opened it. */
    public String detail() {
        return switch (state.get()) {
            case Closed closed -> closed.failures() + " failures in a row";
            case Open open -> settings.consecutiveFailures() + " failures in a row" + again(open.openings());
            case Probing probing ->
                "one request finds out, after " + settings.consecutiveFailures() + " failures in a row"
                        + again(probing.openings());
        };
    }

    private static String again(int openings) {
        return openings == 1 ? "" : ", and " + (openings - 1) + " probes since";
    }

    /** Whether it would refuse an attempt now: it is open, or its probe runs. */
    public boolean holds() {
        return switch (state.get()) {
            case Closed closed -> false;
            case Open open -> true;
            case Probing probing -> probing.running();
        };
    }

    /** Asks for an attempt. Whoever is admitted reports its end, of a probe exactly one, with what it got here. */
    public Admission admit() {
        while (true) {
            switch (state.get()) {
                case Closed closed -> {
                    return Admission.FREE;
                }
                case Open open -> {
                    return Admission.REFUSED;
                }
                case Probing probing -> {
                    if (probing.running()) {
                        return Admission.REFUSED;
                    }
                    var probe = Admission.ofProbe();
                    if (state.compareAndSet(probing, new Probing(probing.openings(), probe))) {
                        return probe;
                    }
                }
            }
        }
    }

    /** An attempt ended well. True if that closed the breaker. */
    public boolean success(Admission by) {
        while (true) {
            var now = state.get();
            if (now instanceof Probing probing && probing.probe() == by && state.compareAndSet(now, Closed.HEALTHY)) {
                return true;
            }
            if (!(now instanceof Closed closed) || closed.failures() == 0) {
                return false;
            }
            if (state.compareAndSet(closed, Closed.HEALTHY)) {
                return false;
            }
        }
    }

    /** An attempt failed. How long the breaker stays open if that opened it, else null. */
    public @Nullable Duration failure(Admission by) {
        while (true) {
            var now = state.get();
            if (now instanceof Probing probing && probing.probe() == by) {
                return open(now, probing.openings() + 1);
            }
            if (!(now instanceof Closed closed) || settings.consecutiveFailures() == 0) {
                return null;
            }
            int failures = closed.failures() + 1;
            if (failures >= settings.consecutiveFailures()) {
                var time = open(now, 1);
                if (time != null) {
                    return time;
                }
            } else if (state.compareAndSet(now, new Closed(failures))) {
                return null;
            }
        }
    }

    /** An attempt ended without saying anything, for example because the client left. True if that freed the probe. */
    public boolean cancelled(Admission by) {
        return state.get() instanceof Probing probing
                && probing.probe() == by
                && state.compareAndSet(probing, new Probing(probing.openings(), null));
    }

    /** The open time is over. True if the breaker was open: it probes now. */
    public boolean probe() {
        return state.get() instanceof Open open && state.compareAndSet(open, new Probing(open.openings(), null));
    }

    /** Another process is there: nothing is known of it. */
    public void reset() {
        state.set(Closed.HEALTHY);
    }

    private @Nullable Duration open(State from, int openings) {
        return state.compareAndSet(from, new Open(openings)) ? openTime(openings) : null;
    }

    private Duration openTime(int openings) {
        var time = settings.openFor();
        for (int i = 1; i < openings && time.compareTo(settings.maxOpenFor()) < 0; i++) {
            time = time.multipliedBy(2);
        }
        return time.compareTo(settings.maxOpenFor()) < 0 ? time : settings.maxOpenFor();
    }

    private sealed interface State {}

    /** @param failures how many attempts have failed since the last success */
    private record Closed(int failures) implements State {
        static final Closed HEALTHY = new Closed(0);
    }

    /** @param openings how often it has opened since it was last closed */
    private record Open(int openings) implements State {}

    /** @param probe the one that is under way, if any */
    private record Probing(int openings, @Nullable Admission probe) implements State {
        boolean running() {
            return probe != null;
        }
    }
}
