package io.tickstorm.proxy.breaker;

import io.tickstorm.proxy.races.Races;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

public class CircuitBreakerRaceTest {
    private final CircuitBreaker breaker =
            new CircuitBreaker(new CircuitBreakerSettings(2, Duration.ofSeconds(1), Duration.ofSeconds(4)));
    private final AtomicInteger probes = new AtomicInteger();

    @Operation
    public CircuitBreaker.Admission admit() {
        return breaker.admit();
    }

    /** A failure of an attempt that began while it was closed. */
    @Operation
    public boolean failure() {
        return breaker.failure(false) != null;
    }

    @Operation
    public boolean openTimeIsOver() {
        return breaker.probe();
    }

    @Operation
    public boolean holds() {
        return breaker.holds();
    }

    @Test
    void itOpensOnceAndLetsOneProbeThrough() {
        Races.check(getClass());
    }

    /** Attempts from the admission to the end. */
    public static class Probing {
        private final CircuitBreakerRaceTest opened = new CircuitBreakerRaceTest();

        public Probing() {
            opened.failure();
            opened.failure();
            opened.openTimeIsOver();
        }

        @Operation
        public void succeed() {
            attempt(probe -> opened.breaker.success(probe));
        }

        @Operation
        public void fail() {
            attempt(probe -> {
                if (opened.breaker.failure(probe) != null) {
                    opened.breaker.probe();
                }
            });
        }

        @Operation
        public void cancel() {
            attempt(probe -> opened.breaker.cancelled(probe));
        }

        private void attempt(Consumer<Boolean> end) {
            switch (opened.breaker.admit()) {
                case PROBE -> {
                    if (opened.probes.incrementAndGet() != 1) {
                        throw new IllegalStateException("two probes at once");
                    }
                    opened.probes.decrementAndGet();
                    end.accept(true);
                }
                case FREE -> end.accept(false);
                case REFUSED -> {}
            }
        }
    }

    @Test
    void neverRunTwoProbesAtOnce() {
        Races.check(Probing.class);
    }
}
