package io.tickstorm.proxy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.breaker.CircuitBreaker.Admission;
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

    @Test
    void isClosedAtFirst() {
        assertThat(breaker.holds()).isFalse();
        assertThat(breaker.admit()).isEqualTo(Admission.FREE);
    }

    @Test
    void opensAfterSoManyFailuresInARow() {
        assertThat(breaker.failure(false)).isNull();
        assertThat(breaker.failure(false)).isNull();
        assertThat(breaker.holds()).isFalse();

        assertThat(breaker.failure(false)).isEqualTo(Duration.ofSeconds(10));
        assertThat(breaker.holds()).isTrue();
        assertThat(breaker.admit()).isEqualTo(Admission.REFUSED);
    }

    @Test
    void aSuccessBeginsTheCountAnew() {
        breaker.failure(false);
        breaker.failure(false);

        assertThat(breaker.success(false)).isFalse();

        assertThat(breaker.failure(false)).isNull();
        assertThat(breaker.failure(false)).isNull();
        assertThat(breaker.holds()).isFalse();
    }

    @Test
    void aCancelledAttemptNeitherFailsNorHeals() {
        breaker.failure(false);
        breaker.failure(false);

        assertThat(breaker.cancelled(false)).isFalse();

        assertThat(breaker.failure(false)).isNotNull();
    }

    @Test
    void letsOneProbeThroughWhenTheOpenTimeIsOver() {
        open();

        assertThat(breaker.probe()).isTrue();

        assertThat(breaker.holds()).isFalse();
        assertThat(breaker.admit()).isEqualTo(Admission.PROBE);
        assertThat(breaker.holds()).isTrue();
        assertThat(breaker.admit()).isEqualTo(Admission.REFUSED);
    }

    @Test
    void closesWhenTheProbeSucceeds() {
        probing();

        assertThat(breaker.success(true)).isTrue();

        assertThat(breaker.admit()).isEqualTo(Admission.FREE);
        assertThat(breaker.failure(false)).isNull();
    }

    @Test
    void theOpenTimeDoublesWithEachFailedProbeUpToTheCap() {
        open();

        var times = new ArrayList<Duration>();
        for (int i = 0; i < 3; i++) {
            breaker.probe();
            breaker.admit();
            times.add(breaker.failure(true));
        }

        assertThat(times).containsExactly(Duration.ofSeconds(20), Duration.ofSeconds(35), Duration.ofSeconds(35));
    }

    @Test
    void theOpenTimeStartsAgainOnceItWasClosed() {
        probing();
        breaker.failure(true);
        breaker.probe();
        breaker.admit();
        breaker.success(true);

        assertThat(open()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aCancelledProbeFreesItsPlace() {
        probing();

        assertThat(breaker.cancelled(true)).isTrue();

        assertThat(breaker.admit()).isEqualTo(Admission.PROBE);
    }

    @Test
    void attemptsFromBeforeSayNothingWhileItIsOpenOrProbing() {
        open();
        assertThat(breaker.success(false)).isFalse();
        assertThat(breaker.failure(false)).isNull();
        assertThat(breaker.admit()).isEqualTo(Admission.REFUSED);

        breaker.probe();
        breaker.admit();
        assertThat(breaker.success(false)).isFalse();
        assertThat(breaker.failure(false)).isNull();
        assertThat(breaker.cancelled(false)).isFalse();
        assertThat(breaker.admit()).isEqualTo(Admission.REFUSED);
        assertThat(breaker.success(true)).isTrue();
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
            assertThat(off.failure(false)).isNull();
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
                    return contested.failure(false);
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
                    probes += admission.get() == Admission.PROBE ? 1 : 0;
                }
                assertThat(probes).isOne();
            }
        }
    }

    private Duration open() {
        breaker.failure(false);
        breaker.failure(false);
        return breaker.failure(false);
    }

    private void probing() {
        open();
        breaker.probe();
        breaker.admit();
    }
}
