package io.tickstorm.proxy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private static final CircuitBreakerSettings SETTINGS =
            new CircuitBreakerSettings(3, Duration.ofSeconds(10), Duration.ofSeconds(35));

    private final CircuitBreaker breaker = new CircuitBreaker(SETTINGS);
    /** The last one. */
    private Admission probe = Admission.FREE;

    @Test
    void isClosedAtFirst() {
        assertThat(breaker.holds()).isFalse();
        assertThat(breaker.admit()).isEqualTo(Admission.FREE);
    }

    @Test
    void opensAfterSoManyFailuresInARow() {
        assertThat(breaker.failure(Admission.FREE)).isNull();
        assertThat(breaker.failure(Admission.FREE)).isNull();
        assertThat(breaker.holds()).isFalse();

        assertThat(breaker.failure(Admission.FREE)).isEqualTo(Duration.ofSeconds(10));
        assertThat(breaker.holds()).isTrue();
        assertThat(breaker.admit()).isEqualTo(Admission.REFUSED);
    }

    @Test
    void aSuccessBeginsTheCountAnew() {
        breaker.failure(Admission.FREE);
        breaker.failure(Admission.FREE);

        assertThat(breaker.success(Admission.FREE)).isFalse();

        assertThat(breaker.failure(Admission.FREE)).isNull();
        assertThat(breaker.failure(Admission.FREE)).isNull();
        assertThat(breaker.holds()).isFalse();
    }

    @Test
    void aCancelledAttemptNeitherFailsNorHeals() {
        breaker.failure(Admission.FREE);
        breaker.failure(Admission.FREE);

        assertThat(breaker.cancelled(Admission.FREE)).isFalse();

        assertThat(breaker.failure(Admission.FREE)).isNotNull();
    }

    @Test
    void letsOneProbeThroughWhenTheOpenTimeIsOver() {
        open();

        assertThat(breaker.probe()).isTrue();

        assertThat(breaker.holds()).isFalse();
        assertThat(breaker.admit()).matches(Admission::probes);
        assertThat(breaker.holds()).isTrue();
        assertThat(breaker.admit()).isEqualTo(Admission.REFUSED);
    }

    @Test
    void closesWhenTheProbeSucceeds() {
        probing();

        assertThat(breaker.success(probe)).isTrue();

        assertThat(breaker.admit()).isEqualTo(Admission.FREE);
        assertThat(breaker.failure(Admission.FREE)).isNull();
    }

    @Test
    void theOpenTimeDoublesWithEachFailedProbeUpToTheCap() {
        open();

        var times = new ArrayList<Duration>();
        for (int i = 0; i < 3; i++) {
            breaker.probe();
            probe = breaker.admit();
            times.add(breaker.failure(probe));
        }

        assertThat(times).containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(35), Duration.ofSeconds(35));
    }

    @Test
    void theOpenTimeStartsAgainOnceItWasClosed() {
        probing();
        breaker.failure(probe);
        breaker.probe();
        probe = breaker.admit();
        breaker.success(probe);

        assertThat(open()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aCancelledProbeFreesItsPlace() {
        probing();

        assertThat(breaker.cancelled(probe)).isTrue();

        assertThat(breaker.admit()).matches(Admission::probes);
    }

    @Test
    void aProbeOfAnotherProcessSaysNothingOfTheOneThatRunsNow() {
        probing();
        var old = probe;
        breaker.reset();
        probing();

        assertThat(breaker.cancelled(old)).isFalse();
        assertThat(breaker.success(old)).isFalse();
        assertThat(breaker.failure(old)).isNull();

        assertThat(breaker.admit()).as("while the probe runs").isEqualTo(Admission.REFUSED);
        assertThat(breaker.success(probe)).isTrue();
    }

    @Test
    void attemptsFromBeforeSayNothingWhileItIsOpenOrProbing() {
        open();
        assertThat(breaker.success(Admission.FREE)).isFalse();
        assertThat(breaker.failure(Admission.FREE)).isNull();
        assertThat(breaker.admit()).isEqualTo(Admission.REFUSED);

        breaker.probe();
        probe = breaker.admit();
        assertThat(breaker.success(Admission.FREE)).isFalse();
        assertThat(breaker.failure(Admission.FREE)).isNull();
        assertThat(breaker.cancelled(Admission.FREE)).isFalse();
        assertThat(breaker.admit()).isEqualTo(Admission.REFUSED);
        assertThat(breaker.success(probe)).isTrue();
    }

    @Test
    void probingBeginsOnlyFromOpen() {
        assertThat(breaker.probe()).isFalse();
        probing();
        assertThat(breaker.probe()).isFalse();
        assertThat(breaker.admit()).isEqualTo(Admission.REFUSED);
    }

    @Test
    void neverOpensWhenSwitchedOff() {
        var off = new CircuitBreaker(new CircuitBreakerSettings(0, Duration.ofSeconds(1), Duration.ofSeconds(1)));

        for (int i = 0; i < 1_000; i++) {
            assertThat(off.failure(Admission.FREE)).isNull();
        }
        assertThat(off.admit()).isEqualTo(Admission.FREE);
    }

    @Test
    void ofManyThreadsOneGetsTheProbeAndOneOpensIt() throws Exception {
        try (var pool = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 200; round++) {
                var contested = new CircuitBreaker(SETTINGS);
                var start = new CountDownLatch(1);
                Callable<Duration> fail = () -> {
                    start.await();
                    return contested.failure(Admission.FREE);
                };
                var failures = new ArrayList<Future<Duration>>();
                for (int i = 0; i < 4; i++) {
                    failures.add(pool.submit(fail));
                }
                start.countDown();
                int opened = 0;
                for (var failure : failures) {
                    opened += failure.get() == null ? 0 : 1;
                }
                assertThat(opened).isOne();

                contested.probe();
                Callable<Admission> admit = contested::admit;
                var probes = 0;
                for (var admission : pool.invokeAll(Collections.nCopies(4, admit))) {
                    probes += admission.get().probes() ? 1 : 0;
                }
                assertThat(probes).isOne();
            }
        }
    }

    private Duration open() {
        breaker.failure(Admission.FREE);
        breaker.failure(Admission.FREE);
        return breaker.failure(Admission.FREE);
    }

    private void probing() {
        open();
        breaker.probe();
        probe = breaker.admit();
    }
}
