package io.tickstorm.cli.load;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.tickstorm.backend.protocol.AckResponse;
import io.tickstorm.backend.protocol.AuthRequest;
import io.tickstorm.backend.protocol.DataBatch;
import io.tickstorm.backend.protocol.ErrorResponse;
import io.tickstorm.backend.protocol.HeartbeatRequest;
import io.tickstorm.backend.protocol.MessageType;
import io.tickstorm.backend.protocol.SubscribeRequest;
import io.tickstorm.backend.protocol.SubscriptionMode;
import io.tickstorm.backend.wire.Frame;
import io.tickstorm.backend.wire.FrameFault;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link Subscription}: AUTH, SUBSCRIBE, then batches and heartbeats until it ends. One event loop. */
final class StreamSession extends SimpleChannelInboundHandler<Frame> {
    /** The server gives up after 20 s (wire format). */
    private static final int HEARTBEAT_SECONDS = 15;

    private static final String UNKNOWN = "unknown";

    private final StreamRun run;
    private final Subscription subscription;
    private final String clientId;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> heartbeats;
    private String server = UNKNOWN;
    private @Nullable String ending;
    private boolean closing;
    private boolean over;
    private long beats;

    /** Of the last batch, unsigned; the first one may begin anywhere. */
    private int sequence;

    private boolean sequenced;

    StreamSession(StreamRun run, Subscription subscription, String clientId) {
        this.run = run;
        this.subscription = subscription;
        this.clientId = clientId;
    }

    void close() {
        closing = true;
        if (context != null) {
            context.close();
        }
    }

    /** Told once: the first word counts, for what follows is its consequence. */
    void ended(String how) {
        if (over) {
            return;
        }
        over = true;
        if (heartbeats != null) {
            heartbeats.cancel(false);
        }
        close();
        subscription.ended(how);
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        context = active;
        if (closing) {
            active.close();
            return;
        }
        send(
                MessageType.MESSAGE_TYPE_AUTH,
                AuthRequest.newBuilder()
                        .setUsername(run.plan().username())
                        .setPassword(run.plan().password())
                        .setClientId(clientId)
                        .setVersion("1.0.0")
                        .build());
        heartbeats = active.executor()
                .scheduleAtFixedRate(this::heartbeat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext reading, Frame frame) throws InvalidProtocolBufferException {
        switch (frame.type()) {
            case MESSAGE_TYPE_ACK -> acknowledged(AckResponse.parseFrom(frame.payload()));
            case MESSAGE_TYPE_DATA_BATCH -> batch(DataBatch.parseFrom(frame.payload()));
            case MESSAGE_TYPE_ERROR -> ended(words(ErrorResponse.parseFrom(frame.payload())));
            case MESSAGE_TYPE_PONG -> {}
            default -> ended("unexpected " + frame.type());
        }
    }

    private void acknowledged(AckResponse ack) {
        if (!ack.getSuccess()) {
            ended("refused: " + ack.getMessage());
        } else if (ack.getAckType() == MessageType.MESSAGE_TYPE_AUTH) {
            server = ack.getMetadataOrDefault("instance_id", UNKNOWN);
            send(
                    MessageType.MESSAGE_TYPE_SUBSCRIBE,
                    SubscribeRequest.newBuilder()
                            .setMode(SubscriptionMode.SUBSCRIPTION_MODE_SECOND)
                            .addAllSymbols(run.plan().symbols())
                            .build());
        }
    }

    private void batch(DataBatch batch) {
        if (over) {
            return;
        }
        var step = batch.getBatchSequence() - sequence; // right across the wrap of a u32, too
        if (sequenced && step <= 0) {
            run.tally().disordered();
        } else if (sequenced && step > 1) {
            run.tally().missing(step - 1L);
        }
        sequence = batch.getBatchSequence();
        sequenced = true;
        subscription.batch(server, batch.getTicksCount());
    }

    private void heartbeat() {
        send(
                MessageType.MESSAGE_TYPE_HEARTBEAT,
                HeartbeatRequest.newBuilder()
                        .setTimestampMs(System.currentTimeMillis())
                        .setSequence(++beats)
                        .build());
    }

    private void send(MessageType type, MessageLite message) {
        if (context != null) {
            context.writeAndFlush(Frame.encode(context.alloc(), type, message));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        ended(ending == null ? "closed" : ending);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failing, Throwable cause) {
        ending = cause instanceof FrameFault || cause instanceof InvalidProtocolBufferException
                ? "malformed: " + cause.getMessage()
                : Failure.ofTransfer(cause).words();
        failing.close();
    }

    /** {@code invalid auth} rather than {@code ERROR_CODE_INVALID_AUTH}. */
    private static String words(ErrorResponse error) {
        return error.getCode()
                .name()
                .replace("ERROR_CODE_", "")
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
    }
}
