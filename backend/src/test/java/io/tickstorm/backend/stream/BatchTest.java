package io.tickstorm.backend.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tickstorm.backend.protocol.DataBatch;
import io.tickstorm.backend.protocol.MessageType;
import io.tickstorm.backend.protocol.Tick;
import io.tickstorm.backend.wire.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static final List<Tick> TICKS = List.of(
            Tick.newBuilder().setSymbol("AAPL").setPrice(1.5).build(),
            Tick.newBuilder().setSymbol("MSFT").setPrice(2.5).build());

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Batch batch = new Batch(UnpooledByteBufAllocator.DEFAULT, TICKS, 99);

    /** One sequence for each size that a varint of 32 bits can have, and the edges between them. */
    private static final List<Integer> SEQUENCES =
            List.of(0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455, 268_435_456, -1);

    @Test
    void everySessionGetsAWholeFrameWithItsOwnSequence() throws Exception {
        for (int sequence : SEQUENCES) {
            batch.write(channel, sequence);
        }
        batch.release();

        var written = written();
        for (int sequence : SEQUENCES) {
            var frame = Frame.decode(written);
            assertThat(frame).as("sequence %d", sequence).isNotNull();
            assertThat(frame.type()).isEqualTo(MessageType.MESSAGE_TYPE_DATA_BATCH);
            assertThat(DataBatch.parseFrom(frame.payload()))
                    .isEqualTo(DataBatch.newBuilder()
                            .addAllTicks(TICKS)
                            .setBatchTimestampMs(99)
                            .setBatchSequence(sequence)
                            .build());
        }
        assertThat(written.isReadable()).isFalse();
    }

    @Test
    void theSharedPartIsFreedOnceTheLastSessionHasWrittenIt() {
        batch.write(channel, 1);
        batch.write(channel, 2);
        channel.flush();
        ByteBuf shared = channel.readOutbound();

        batch.release();

        assertThat(shared.refCnt()).isEqualTo(2);
        channel.finishAndReleaseAll();
        shared.release();
        assertThat(shared.refCnt()).isZero();
    }

    private ByteBuf written() {
        channel.flush();
        var all = Unpooled.buffer();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            all.writeBytes(bytes);
            bytes.release();
        }
        return all;
    }
}
