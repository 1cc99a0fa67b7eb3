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
    public String admit() {
        return breaker.admit().toString();
    }

    /** A failure of an attempt that began while it was closed. */
    @Operation
    public boolean failure() {
        return breaker.failure(Admission.FREE) != null;
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
            attempt(by -> opened.breaker.success(by));
        }

        @Operation
        public void fail() {
            attempt(by -> {
                if (opened.breaker.failure(by) != null) {
                    opened.breaker.probe();
                }
            });
        }

        @Operation
        public void cancel() {
            attempt(by -> opened.breaker.cancelled(by));
        }

        private void attempt(Consumer<Admission> end) {
            var admission = opened.breaker.admit();
            if (admission == Admission.REFUSED) {
                return;
            }
            if (admission.probes()) {
                if (opened.probes.incrementAndGet() != 1) {
                    throw new IllegalStateException("two probes at once");
                }
                opened.probes.decrementAndGet();
            }
            end.accept(admission);
        }
    }

    @Test
    void neverRunTwoProbesAtOnce() {
        Races.check(Probing.class);
    }
}
