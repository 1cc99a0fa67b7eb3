package io.tickstorm.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadsTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ExtendedHandle reads = new Reads().newHandle();

    @AfterEach
    void close() {
        channel.close();
    }

    @Test
    void whatFillsABufferGetsALargerOneUpTo128KiB() {
        assertThat(reads.guess()).isEqualTo(2048);

        turn(2048);
        assertThat(reads.guess()).isEqualTo(32 * 1024);

        turn(32 * 1024);
        assertThat(reads.guess()).isEqualTo(128 * 1024);

        turn(128 * 1024);
        assertThat(reads.guess()).isEqualTo(128 * 1024);
    }

    @Test
    void twoSmallTurnsHalveABufferDownTo512Bytes() {
        turn(100);
        assertThat(reads.guess()).isEqualTo(2048);

        turn(100);
        assertThat(reads.guess()).isEqualTo(1024);

        for (int i = 0; i < 8; i++) {
            turn(100);
        }
        assertThat(reads.guess()).isEqualTo(512);
    }

    @Test
    void oneSmallTurnBetweenLargerOnesChangesNothing() {
        turn(100);
        turn(1500);
        turn(100);

        assertThat(reads.guess()).isEqualTo(2048);
    }

    @Test
    void othersHaveTheirTurnAfterSixteenReads() {
        reads.reset(channel.config());

        for (int i = 0; i < 15; i++) {
            read(10);
            assertThat(reads.continueReading(() -> true)).isTrue();
        }
        read(10);

        assertThat(reads.continueReading(() -> true)).isFalse();
    }

    @Test
    void nothingMoreIsReadWhereNothingCameOrNothingIsWanted() {
        reads.reset(channel.config());
        assertThat(reads.continueReading(() -> true)).isFalse();

        read(10);
        assertThat(reads.continueReading(() -> false)).isFalse();

        channel.config().setAutoRead(false);
        assertThat(reads.continueReading(() -> true)).isFalse();
    }

    private void turn(int bytes) {
        reads.reset(channel.config());
        read(bytes);
        reads.readComplete();
    }

    private void read(int bytes) {
        reads.attemptedBytesRead(reads.guess());
        reads.lastBytesRead(bytes);
        reads.incMessagesRead(1);
    }
}
