package io.tickstorm.proxy.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.tickstorm.proxy.time.Randomness;
import org.junit.jupiter.api.Test;

/** As another implementation reads it. */
class GoingAwayTest {
    private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

    private static int status(ByteBuf frame, boolean masked) {
        var decoder = new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(masked)
                .allowMaskMismatch(false)
                .build());
        var channel = new EmbeddedChannel(decoder);
        channel.writeInbound(frame);
        CloseWebSocketFrame close = channel.readInbound();
        int status = close.statusCode();
        assertThat(close.reasonText()).isEmpty();
        close.release();
        channel.finishAndReleaseAll();
        return status;
    }

    @Test
    void aClientReads1001() {
        assertThat(status(GoingAway.toClient(ALLOCATOR), false)).isEqualTo(1001);
    }

    @Test
    void aServerReads1001WhateverTheMask() {
        var random = Randomness.seeded(20261121);
        for (int i = 0; i < 100; i++) {
            assertThat(status(GoingAway.toServer(ALLOCATOR, random), true)).isEqualTo(1001);
        }
    }
}
