package io.tickstorm.proxy.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameMaskGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames as another implementation writes them. */
class FrameTrackerTest {
    private static final int[] LENGTHS = {0, 1, 125, 126, 127, 65_535, 65_536, 70_000};
    private static final WebSocketFrameMaskGenerator MASK = () -> 0x81fe7f88;

    private static FrameTracker tracker(boolean client) {
        return client ? FrameTracker.ofClient() : FrameTracker.ofServer();
    }

    private static List<byte[]> encoded(boolean client, List<WebSocketFrame> frames) {
        var channel = new EmbeddedChannel(new WebSocket13FrameEncoder(client ? MASK : null));
        var encoded = new ArrayList<byte[]>();
        for (var frame : frames) {
            channel.writeOutbound(frame);
            var whole = Unpooled.buffer();
            for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
                whole.writeBytes(part);
                part.release();
            }
            encoded.add(ByteBufUtil.getBytes(whole));
        }
        channel.finishAndReleaseAll();
        return encoded;
    }

    private static List<WebSocketFrame> allKinds() {
        var frames = new ArrayList<WebSocketFrame>();
        for (int length : LENGTHS) {
            frames.add(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[length])));
        }
        frames.add(new TextWebSocketFrame(false, 0, "begins,"));
        frames.add(new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[125])));
        frames.add(new ContinuationWebSocketFrame(false, 0, "goes on,"));
        frames.add(new PongWebSocketFrame());
        frames.add(new ContinuationWebSocketFrame(true, 0, "ends"));
        frames.add(new TextWebSocketFrame(true, 0b100, "compressed")); // RSV1
        return frames;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void framesEndWhereTheyEndHoweverTheBytesCome(boolean client) {
        var random = new Random(20261121);
        var frames = encoded(client, allKinds());
        for (int most : new int[] {1, 2, 7, 1_000, 100_000}) {
            var tracker = tracker(client);
            for (var frame : frames) {
                assertThat(tracker.betweenFrames()).isTrue();
                int at = 0;
                while (at < frame.length) {
                    int length = Math.min(1 + random.nextInt(most), frame.length - at);
                    tracker.pass(Unpooled.wrappedBuffer(frame, at, length));
                    at += length;
                    assertThat(tracker.betweenFrames())
                            .as("%d of %d bytes", at, frame.length)
                            .isEqualTo(at == frame.length);
                }
            }
            assertThat(tracker.lost()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFrameThatIsUnderWayIsFoundInABufferOfMany(boolean client) {
        var frames = encoded(client, allKinds());
        for (int i = 0; i + 1 < frames.size(); i++) {
            var two = Unpooled.wrappedBuffer(frames.get(i), frames.get(i + 1));
            int begun = Math.min(1, frames.get(i).length);
            var tracker = tracker(client);
            inMessage(tracker, client, frames.get(i));
            tracker.pass(two.readSlice(begun));

            assertThat(tracker.passFrame(two)).isEqualTo(frames.get(i).length - begun);

            assertThat(tracker.betweenFrames()).isTrue();
            assertThat(two.readerIndex()).isEqualTo(begun);
        }
    }

    /** A continuation has to continue something. */
    private static void inMessage(FrameTracker tracker, boolean client, byte[] frame) {
        if ((frame[0] & 0xf) == 0) {
            encoded(client, List.of(new TextWebSocketFrame(false, 0, "begins")))
                    .forEach(first -> tracker.pass(Unpooled.wrappedBuffer(first)));
        }
    }

    @Test
    void aFrameThatGoesOnTakesTheWholeBuffer() {
        var tracker = FrameTracker.ofServer();
        tracker.pass(Unpooled.wrappedBuffer(new byte[] {(byte) 0x82, 100}));

        assertThat(tracker.passFrame(Unpooled.wrappedBuffer(new byte[99]))).isEqualTo(99);

        assertThat(tracker.betweenFrames()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void behindACloseThereIsNothing(boolean client) {
        var tracker = tracker(client);
        var frame =
                encoded(client, List.of(new CloseWebSocketFrame(1000, "bye"))).getFirst();

        tracker.pass(Unpooled.wrappedBuffer(frame, 0, frame.length - 1));
        assertThat(tracker.closed()).isFalse();
        tracker.pass(Unpooled.wrappedBuffer(new byte[] {frame[frame.length - 1], 'x', 'y'}));

        assertThat(tracker.closed()).isTrue();
        assertThat(tracker.betweenFrames()).isFalse();
        assertThat(tracker.lost()).isFalse();
    }

    static Stream<Arguments> noFrames() {
        return Stream.of(
                arguments("text", false, bytes('H')),
                arguments("a data opcode that is reserved", false, bytes(0x83)),
                arguments("a control opcode that is reserved", false, bytes(0x8b)),
                arguments("RSV2", false, bytes(0xa2)),
                arguments("RSV3", false, bytes(0x92)),
                arguments("a fragment of a control frame", false, bytes(0x09)),
                arguments("a control frame above 125 bytes", false, bytes(0x89, 126)),
                arguments("a continuation of nothing", false, bytes(0x80)),
                arguments("a message within a message", false, bytes(0x02, 0, 0x82)),
                arguments("a server that masks", false, bytes(0x82, 0x80)),
                arguments("a client that does not mask", true, bytes(0x82, 0)),
                arguments("125 in two bytes", false, bytes(0x82, 126, 0, 125)),
                arguments("65535 in eight bytes", false, bytes(0x82, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff)),
                arguments("a length of 64 bits", false, bytes(0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0)),
                arguments("no room for the mask", true, bytes(0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255)));
    }

    private static byte[] bytes(int... values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noFrames")
    void whatAreNoFramesIsSeen(String what, boolean client, byte[] bytes) {
        var tracker = tracker(client);
        tracker.pass(Unpooled.wrappedBuffer(bytes, 0, bytes.length - 1));
        assertThat(tracker.lost()).as("too early").isFalse();

        tracker.pass(Unpooled.wrappedBuffer(bytes, bytes.length - 1, 1));
        tracker.pass(Unpooled.wrappedBuffer(new byte[100]));

        assertThat(tracker.lost()).isTrue();
        assertThat(tracker.betweenFrames()).isFalse();
        assertThat(tracker.closed()).isFalse();
    }
}
