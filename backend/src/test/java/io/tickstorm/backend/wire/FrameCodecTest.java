package io.tickstorm.backend.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tickstorm.backend.protocol.MessageType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(), new FrameEncoder());
    private final Frame first = new Frame(MessageType.MESSAGE_TYPE_AUTH, ByteString.copyFromUtf8("first"));
    private final Frame second = new Frame(MessageType.MESSAGE_TYPE_HEARTBEAT, ByteString.EMPTY);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void framesMayArriveByteByByte() {
        var bytes = written(first);

        while (bytes.readableBytes() > 1) {
            assertThat(channel.writeInbound(bytes.readRetainedSlice(1))).isFalse();
        }
        assertThat(channel.writeInbound(bytes)).isTrue();

        assertThat(channel.<Frame>readInbound()).isEqualTo(first);
    }

    @Test
    void manyFramesMayArriveAtOnce() {
        channel.writeInbound(Unpooled.wrappedBuffer(written(first), written(second), written(first)));

        assertThat(channel.inboundMessages()).containsExactly(first, second, first);
    }

    @Test
    void afterAFaultNothingMoreIsRead() {
        assertThatThrownBy(() -> channel.writeInbound(Unpooled.copiedBuffer(new byte[20])))
                .isInstanceOf(FrameFault.class);

        assertThat(channel.writeInbound(written(first))).isFalse();
    }

    private ByteBuf written(Frame frame) {
        channel.writeOutbound(frame);
        return channel.readOutbound();
    }
}
