package io.tickstorm.backend.stream;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.ScheduledFuture;
import io.tickstorm.backend.drain.Drain;
import io.tickstorm.backend.protocol.AckResponse;
import io.tickstorm.backend.protocol.AuthRequest;
import io.tickstorm.backend.protocol.DataBatch;
import io.tickstorm.backend.protocol.ErrorCode;
import io.tickstorm.backend.protocol.ErrorResponse;
import io.tickstorm.backend.protocol.HeartbeatRequest;
import io.tickstorm.backend.protocol.HeartbeatResponse;
import io.tickstorm.backend.protocol.MessageType;
import io.tickstorm.backend.protocol.SubscribeRequest;
import io.tickstorm.backend.wire.Frame;
import io.tickstorm.backend.wire.FrameFault;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's connection, from AUTH to the end: see the package for its states. One event loop. */
final class Session extends SimpleChannelInboundHandler<Frame> implements Feed.Subscriber {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    /**
     * How long a client may take to read our last frame and close. Closing at once while bytes of the client are unread
     * would make the kernel send a reset, which may overtake the ERROR.
     */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Channel channel;
    private final StreamSettings settings;
    private final Market market;
    private final Drain drain;
    private final InstantSource clock;
    private final String instanceId;
    private final StreamTotals totals;
    private final FrameBudget budget;
    private final Runnable leave = this::leave;
    private Phase phase = new Opened();
    private long deadlineNanos;
    /** When {@link #watch} fires. */
    private long watchNanos;

    private @Nullable ScheduledFuture<?> watch;

    private sealed interface Phase {}

    private record Opened() implements Phase {}

    /** @param unsubscribed ends a session that never subscribes */
    private record Authenticated(ScheduledFuture<?> unsubscribed) implements Phase {}

    private static final class Subscribed implements Phase {
        private final Feed feed;
        /** The number of the last batch, unsigned; counts those that were dropped, so that a client sees the gap. */
        private int sequence;

        Subscribed(Feed feed) {
            this.feed = feed;
        }
    }

    private record Ended() implements Phase {}

    Session(
            Channel channel,
            StreamSettings settings,
            Market market,
            Drain drain,
            InstantSource clock,
            String instanceId,
            StreamTotals totals) {
        this.channel = channel;
        this.settings = settings;
        this.market = market;
        this.drain = drain;
        this.clock = clock;
        this.instanceId = instanceId;
        this.totals = totals;
        this.budget = new FrameBudget(nanos());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        totals.accepted.increment();
        totals.active.incrementAndGet();
        expect(settings.authTimeout());
        drain.enroll(leave);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        totals.active.decrementAndGet();
        end();
    }

    /** A client that does not read is not read from either: what it provokes us to send stays bounded. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        channel.config().setAutoRead(channel.isWritable());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        switch (cause) {
            case FrameFault fault -> fail(fault.code(), fault.getMessage());
            case IOException lost -> channel.close();
            default -> {
                log.error("session of {}", channel.remoteAddress(), cause);
                fail(ErrorCode.ERROR_CODE_INTERNAL_ERROR, "the server has a bug");
            }
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Frame frame) {
        if (phase instanceof Ended) {
            return;
        }
        totals.framesReceived.increment();
        if (!budget.tryTake(nanos())) {
            fail(ErrorCode.ERROR_CODE_RATE_LIMITED, "more than 10 frames a second after the first 100");
            return;
        }
        try {
            switch (phase) {
                case Opened opened -> onOpened(frame);
                case Authenticated authenticated -> onAuthenticated(authenticated, frame);
                case Subscribed subscribed -> onSubscribed(frame);
                case Ended ended -> {}
            }
        } catch (InvalidProtocolBufferException e) {
            fail(ErrorCode.ERROR_CODE_INVALID_MESSAGE, frame.type() + ": " + e.getMessage());
        }
    }

    @Override
    public void deliver(Batch batch) {
        if (!(phase instanceof Subscribed subscribed)) {
            return;
        }
        subscribed.sequence++;
        if (!channel.isWritable()) {
            totals.batchesDropped.increment();
            return;
        }
        batch.write(channel, subscribed.sequence);
        channel.flush();
        totals.batchesSent.increment();
    }

    private void onOpened(Frame frame) throws InvalidProtocolBufferException {
        if (frame.type() != MessageType.MESSAGE_TYPE_AUTH) {
            fail(ErrorCode.ERROR_CODE_AUTH_REQUIRED, "first frame: " + frame.type() + " (expected: AUTH)");
            return;
        }
        if (!settings.credentials().accept(AuthRequest.parseFrom(frame.payload()))) {
            fail(ErrorCode.ERROR_CODE_INVALID_AUTH, "unknown user or wrong password");
            return;
        }
        expect(settings.heartbeatTimeout());
        phase = new Authenticated(after(settings.subscribeTimeout(), this::neverSubscribed));
        acknowledge(frame.type(), "authenticated");
    }

    private void onAuthenticated(Authenticated authenticated, Frame frame) throws InvalidProtocolBufferException {
        switch (frame.type()) {
            case MESSAGE_TYPE_SUBSCRIBE -> subscribe(authenticated, SubscribeRequest.parseFrom(frame.payload()));
            case MESSAGE_TYPE_HEARTBEAT -> heartbeat(HeartbeatRequest.parseFrom(frame.payload()));
            case MESSAGE_TYPE_AUTH -> fail(ErrorCode.ERROR_CODE_ALREADY_AUTHENTICATED, "a second AUTH");
            default -> unexpected(frame);
        }
    }

    private void onSubscribed(Frame frame) throws InvalidProtocolBufferException {
        switch (frame.type()) {
            case MESSAGE_TYPE_HEARTBEAT -> heartbeat(HeartbeatRequest.parseFrom(frame.payload()));
            case MESSAGE_TYPE_SUBSCRIBE -> fail(ErrorCode.ERROR_CODE_ALREADY_SUBSCRIBED, "a second SUBSCRIBE");
            case MESSAGE_TYPE_AUTH -> fail(ErrorCode.ERROR_CODE_ALREADY_AUTHENTICATED, "a second AUTH");
            default -> unexpected(frame);
        }
    }

    private void subscribe(Authenticated authenticated, SubscribeRequest request) {
        var problem = Subscription.problem(request);
        if (problem != null) {
            fail(ErrorCode.ERROR_CODE_INVALID_SUBSCRIPTION, problem);
            return;
        }
        authenticated.unsubscribed.cancel(false);
        acknowledge(MessageType.MESSAGE_TYPE_SUBSCRIBE, "subscribed");
        var subscribed = new Subscribed(market.join(Subscription.of(request), this));
        phase = subscribed;
        totals.subscribed.incrementAndGet();
        subscribed.sequence = 1;
        send(
                MessageType.MESSAGE_TYPE_DATA_BATCH,
                DataBatch.newBuilder()
                        .addAllTicks(subscribed.feed.snapshot())
                        .setBatchTimestampMs(clock.millis())
                        .setBatchSequence(subscribed.sequence)
                        .setIsSnapshot(true)
                        .build());
        totals.batchesSent.increment();
    }

    private void heartbeat(HeartbeatRequest request) {
        if (request.getTimestampMs() <= 0) {
            fail(
                    ErrorCode.ERROR_CODE_INVALID_MESSAGE,
                    "HEARTBEAT: timestamp_ms: " + request.getTimestampMs() + " (expected: above zero)");
            return;
        }
        expect(settings.heartbeatTimeout());
        send(
                MessageType.MESSAGE_TYPE_PONG,
                HeartbeatResponse.newBuilder()
                        .setClientTimestampMs(request.getTimestampMs())
                        .setServerTimestampMs(clock.millis())
                        .setSequence(request.getSequence())
                        .build());
    }

    private void unexpected(Frame frame) {
        fail(ErrorCode.ERROR_CODE_INVALID_MESSAGE, frame.type() + " is not for a client to send");
    }

    private void acknowledge(MessageType type, String message) {
        send(
                MessageType.MESSAGE_TYPE_ACK,
                AckResponse.newBuilder()
                        .setAckType(type)
                        .setSuccess(true)
                        .setMessage(message)
                        .setTimestampMs(clock.millis())
                        .putMetadata("instance_id", instanceId)
                        .build());
    }

    private ChannelFuture send(MessageType type, MessageLite message) {
        return channel.writeAndFlush(Frame.encode(channel.alloc(), type, message));
    }

    private void fail(ErrorCode code, String details) {
        if (phase instanceof Ended) {
            return;
        }
        totals.error(code).increment();
        end();
        var error = ErrorResponse.newBuilder()
                .setCode(code)
                .setMessage(ErrorMessages.of(code))
                .setDetails(details)
                .setTimestampMs(clock.millis())
                .build();
        send(MessageType.MESSAGE_TYPE_ERROR, error).addListener(sent -> finish());
    }

    /** Ends the session at the moment that the drain gives it, between two frames and without an ERROR. */
    private void leave() {
        after(drain.delay(), () -> {
            if (!(phase instanceof Ended)) {
                end();
                channel.writeAndFlush(channel.alloc().buffer(0)).addListener(flushed -> finish());
            }
        });
    }

    private void finish() {
        after(LINGER, channel::close);
        channel.config().setAutoRead(true);
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            channel.close();
        }
    }

    /** Takes the session out of everything that knows it; may be called more than once. */
    private void end() {
        switch (phase) {
            case Opened opened -> {}
            case Authenticated authenticated -> authenticated.unsubscribed.cancel(false);
            case Subscribed subscribed -> {
                market.leave(subscribed.feed, this);
                totals.subscribed.decrementAndGet();
            }
            case Ended ended -> {
                return;
            }
        }
        phase = new Ended();
        drain.forget(leave);
        if (watch != null) {
            watch.cancel(false);
        }
    }

    private void neverSubscribed() {
        if (phase instanceof Authenticated) {
            fail(ErrorCode.ERROR_CODE_NOT_SUBSCRIBED, "no SUBSCRIBE within " + settings.subscribeTimeout());
        }
    }

    /**
     * Sets the deadline for what must come next. A timer that fires earlier is left alone and looks again then: heartbeats
     * only put the deadline off, and need no timer each.
     */
    private void expect(Duration within) {
        deadlineNanos = nanos() + within.toNanos();
        if (watch == null) {
            watchAgain();
        } else if (deadlineNanos - watchNanos < 0) {
            watch.cancel(false);
            watchAgain();
        }
    }

    private void watchAgain() {
        watchNanos = deadlineNanos;
        watch = after(Duration.ofNanos(deadlineNanos - nanos()), this::watch);
    }

    private void watch() {
        if (deadlineNanos - nanos() > 0) {
            watchAgain();
        } else if (phase instanceof Opened) {
            fail(ErrorCode.ERROR_CODE_AUTH_REQUIRED, "no AUTH within " + settings.authTimeout());
        } else {
            fail(ErrorCode.ERROR_CODE_HEARTBEAT_TIMEOUT, "no HEARTBEAT within " + settings.heartbeatTimeout());
        }
    }

    private long nanos() {
        return channel.eventLoop().ticker().nanoTime();
    }

    private ScheduledFuture<?> after(Duration delay, Runnable task) {
        return channel.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
