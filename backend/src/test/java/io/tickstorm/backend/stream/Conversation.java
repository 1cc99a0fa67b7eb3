package io.tickstorm.backend.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.tickstorm.backend.drain.Drain;
import io.tickstorm.backend.protocol.AckResponse;
import io.tickstorm.backend.protocol.AuthRequest;
import io.tickstorm.backend.protocol.DataBatch;
import io.tickstorm.backend.protocol.ErrorCode;
import io.tickstorm.backend.protocol.ErrorResponse;
import io.tickstorm.backend.protocol.HeartbeatRequest;
import io.tickstorm.backend.protocol.MessageType;
import io.tickstorm.backend.protocol.SubscribeRequest;
import io.tickstorm.backend.protocol.SubscriptionMode;
import io.tickstorm.backend.wire.Frame;
import io.tickstorm.backend.wire.FrameDecoder;
import io.tickstorm.backend.wire.FrameEncoder;
import io.tickstorm.backend.wire.FrameFault;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** One session without a network, in time that only the test moves. */
final class Conversation implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

    private static final long SEED = 42;

    final StreamTotals totals = new StreamTotals();
    final Drain drain;
    private final MockTicker time = Ticker.newMockTicker();
    private final EmbeddedChannel channel;
    private final ByteBuf received = Unpooled.buffer();

    Conversation(Credentials credentials) {
        drain = new Drain(time::nanoTime, new SplittableRandom(SEED));
        channel = EmbeddedChannel.builder()
                .ticker(time)
                .handlers(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        opened.pipeline().addLast(new FrameDecoder(), new FrameEncoder(), session(opened, credentials));
                    }
                })
                .build();
    }

    private Session session(Channel opened, Credentials credentials) {
        var settings = StreamSettings.of(credentials);
        var market = new Market(
                opened.eventLoop(), ByteBufAllocator.DEFAULT, new SplittableRandom(SEED), () -> NOW, settings);
        return new Session(opened, settings, market, drain, () -> NOW, "backend-a", totals);
    }

    static Conversation opened() {
        return new Conversation(new Credentials.One("storm", "secret"));
    }

    static Conversation authenticated() throws Exception {
        var conversation = opened();
        conversation.authenticate("storm", "secret");
        conversation.ack();
        return conversation;
    }

    static Conversation subscribed(SubscriptionMode mode) throws Exception {
        var conversation = authenticated();
        conversation.send(
                MessageType.MESSAGE_TYPE_SUBSCRIBE,
                SubscribeRequest.newBuilder().setMode(mode).build());
        conversation.ack();
        conversation.batch();
        return conversation;
    }

    void authenticate(String user, String password) {
        send(
                MessageType.MESSAGE_TYPE_AUTH,
                AuthRequest.newBuilder().setUsername(user).setPassword(password).build());
    }

    void heartbeat(long sequence) {
        send(
                MessageType.MESSAGE_TYPE_HEARTBEAT,
                HeartbeatRequest.newBuilder()
                        .setTimestampMs(1234)
                        .setSequence(sequence)
                        .build());
    }

    void send(MessageType type, MessageLite message) {
        send(new Frame(type, message.toByteString()));
    }

    void send(MessageType type, String payload) {
        send(new Frame(type, ByteString.copyFromUtf8(payload)));
    }

    private void send(Frame frame) {
        var bytes = Unpooled.buffer();
        frame.encode(bytes);
        send(bytes);
    }

    void send(ByteBuf bytes) {
        channel.writeInbound(bytes);
    }

    void breaksDown() {
        channel.pipeline().fireExceptionCaught(new IllegalStateException("the test breaks it"));
    }

    void pass(Duration duration) {
        time.advance(duration.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    AckResponse ack() throws Exception {
        return AckResponse.parseFrom(payload(MessageType.MESSAGE_TYPE_ACK));
    }

    DataBatch batch() throws Exception {
        return DataBatch.parseFrom(payload(MessageType.MESSAGE_TYPE_DATA_BATCH));
    }

    ErrorResponse error() throws Exception {
        return ErrorResponse.parseFrom(payload(MessageType.MESSAGE_TYPE_ERROR));
    }

    ByteString payload(MessageType type) throws FrameFault, InvalidProtocolBufferException {
        var frame = next();
        if (frame == null || frame.type() != type) {
            throw new AssertionError("received: " + frame + " (expected: " + type + ")");
        }
        return frame.payload();
    }

    /** Whether everything that the session sent has been looked at. */
    boolean silent() throws FrameFault {
        return next() == null;
    }

    boolean closed() {
        return !channel.isOpen();
    }

    /** The last thing said is this error, and it was counted once. */
    void assertEndedBy(ErrorCode code) throws Exception {
        var error = error();
        assertThat(error.getCode()).isEqualTo(code);
        assertThat(error.getMessage()).isNotEmpty();
        assertThat(error.getDetails()).isNotEmpty();
        assertThat(error.getTimestampMs()).isEqualTo(NOW.toEpochMilli());
        assertThat(silent()).isTrue();
        assertThat(closed()).isTrue();
        assertThat(totals.errors(code)).isOne();
        assertThat(totals.active()).isZero();
        pass(Duration.ofMinutes(2));
        assertThat(totals.errors(code)).isOne();
    }

    private Frame next() throws FrameFault {
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            received.writeBytes(bytes);
            bytes.release();
        }
        return Frame.decode(received);
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}
