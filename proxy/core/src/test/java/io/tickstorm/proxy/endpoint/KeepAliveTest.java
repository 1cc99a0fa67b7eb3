package io.tickstorm.proxy.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeepAliveTest {
    private final KeepAlive keepAlive = new KeepAlive();

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private void open(int times, long millis) {
        for (int i = 0; i < times; i++) {
            keepAlive.open(millis(millis));
        }
    }

    @Test
    void itBeginsBelowWhatServersComeWith() {
        assertThat(keepAlive.nanos(true)).isEqualTo(KeepAlive.START.toNanos());
        assertThat(keepAlive.nanos(false)).isEqualTo(KeepAlive.START_ONCE.toNanos());
    }

    @Test
    void aCloseLowersBothBoundsAtOnce() {
        keepAlive.closed(millis(600));

        assertThat(keepAlive.nanos(true)).isEqualTo(millis(300));
        assertThat(keepAlive.nanos(false)).isEqualTo(millis(150));
    }

    @Test
    void aCloseAtAGreaterAgeRaisesNothing() {
        keepAlive.closed(millis(600));
        keepAlive.closed(millis(60_000));

        assertThat(keepAlive.nanos(true)).isEqualTo(millis(300));
    }

    @Test
    void oneOddCloseForcesNoConnectionPerRequestAndIsForgotten() {
        keepAlive.closed(0);

        assertThat(keepAlive.nanos(true)).isEqualTo(millis(50));
        assertThat(keepAlive.nanos(false)).isEqualTo(millis(25));

        open(3, 1_000);
        assertThat(keepAlive.nanos(true)).isEqualTo(millis(500));
        open(17, 1_000);
        assertThat(keepAlive.nanos(false)).isEqualTo(millis(250));
    }

    @Test
    void theLeastAgeOfAllThatWereSeenCounts() {
        keepAlive.closed(0);
        keepAlive.open(millis(900));
        keepAlive.open(millis(300));
        keepAlive.open(millis(5_000));

        assertThat(keepAlive.nanos(true)).isEqualTo(millis(150));
    }

    @Test
    void oneCloseAmongThemIsNoProof() {
        open(19, 4_000);
        keepAlive.closed(millis(2_000));
        open(19, 4_000);

        assertThat(keepAlive.nanos(false)).isEqualTo(KeepAlive.START_ONCE.toNanos());
        open(1, 4_000);
        assertThat(keepAlive.nanos(false)).isEqualTo(millis(1_000));
    }

    @Test
    void whatIsYoungProvesNothing() {
        open(1_000, 800);

        assertThat(keepAlive.nanos(false)).isEqualTo(KeepAlive.START_ONCE.toNanos());
    }

    @Test
    void proofHasALimit() {
        open(1_000, 3_600_000);

        assertThat(keepAlive.nanos(true)).isEqualTo(KeepAlive.LONGEST.toNanos());
        assertThat(keepAlive.nanos(false)).isEqualTo(KeepAlive.LONGEST_ONCE.toNanos());
    }

    @Test
    void whatTheServerSaysHoldsAtOnceAndUntilItSaysOtherwise() {
        keepAlive.hinted(1);

        assertThat(keepAlive.nanos(true)).isEqualTo(millis(800));
        keepAlive.hinted(0);
        assertThat(keepAlive.nanos(true)).isEqualTo(millis(50));
        assertThat(keepAlive.nanos(false)).isEqualTo(millis(25));
        keepAlive.hinted(Integer.MAX_VALUE);
        assertThat(keepAlive.nanos(true)).isEqualTo(KeepAlive.START.toNanos());
    }

    /**
     * A server that closes at a fixed age, and connections that are left idle for random times: what may be used is never as old as
     * that age once it has been seen, and of what must not be sent twice never more than a quarter of it, seen or not.
     */
    @ParameterizedTest
    @ValueSource(ints = {500, 2_000, 5_000, 20_000, 75_000})
    void aFixedTimeoutIsFollowedFromBelow(int timeout) {
        var random = new Random(20261121 + timeout);
        boolean seen = false;
        for (int i = 0; i < 20_000; i++) {
            long age = millis(random.nextInt(2 * timeout));
            if (age < millis(timeout)) {
                keepAlive.open(age);
            } else if (millis(timeout) <= keepAlive.watchNanos()) {
                keepAlive.closed(millis(timeout));
                seen = true;
            }
            assertThat(keepAlive.nanos(false)).isLessThanOrEqualTo(millis(Math.max(200 + 300, timeout) / 2));
            if (i > 1_000 && seen) {
                assertThat(keepAlive.nanos(true)).isLessThanOrEqualTo(millis(timeout) / 2);
                assertThat(keepAlive.nanos(false)).isLessThanOrEqualTo(millis(timeout) / 4);
            }
        }
        assertThat(keepAlive.nanos(true))
                .as("it is not given away either")
                .isGreaterThan(Math.min(KeepAlive.LONGEST.toNanos() - 1, millis(timeout) / 5));
    }
}
