package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.tickstorm.proxy.admission.DrainGate;
import io.tickstorm.proxy.http1.BodyReader;
import io.tickstorm.proxy.http1.Flaw;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.http1.Via;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: reads one request after the other and hands each to an {@link Exchange}; requests that come while one
 * runs wait as bytes. A client that closes its side while its request runs has left: that is what its close looks like.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
    /** How long a transfer may stand still before the other side is taken for gone; nginx' and HAProxy's customary value. */
    static final Duration STALL = Duration.ofSeconds(60);

    /**
     * How long, and for how many bytes, a client that is still sending is listened to after the last answer. Closing at once
     * would make our kernel answer its bytes with a reset, which destroys the answer in its receive buffer.
     */
    static final Duration LINGER = Duration.ofSeconds(2);

    private static final int LINGER_BYTES = 1024 * 1024;

    private enum State {
        /** Between requests, or in the middle of a head. */
        HEAD,
        /** An exchange runs, its body is coming. */
        BODY,
        /** An exchange runs, its request has come whole. */
        RESPONSE,
        /** The last answer was given; what still comes is dropped. */
        LINGER,
        /** Another handler has taken over. */
        TUNNEL,
        CLOSED
    }

    private final Worker worker;
    private final SocketChannel channel;
    private final Via via;
    private final BodyReader body = new BodyReader();
    private final Deadline readDeadline = new Deadline(this::readTimedOut);
    private final Deadline writeDeadline = new Deadline(this::writeTimedOut);
    private final Deadline responseDeadline = new Deadline(this::responseTimedOut);
    private final Deadline requestDeadline = new Deadline(this::requestTimedOut);

    private State state = State.HEAD;
    private boolean headBegan = true;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Exchange exchange;
    private @Nullable ByteBuf held;
    private int lingered;
    private long unwritten;

    ClientConnection(Worker worker, SocketChannel channel) {
        this.worker = worker;
        this.channel = channel;
        via = new Via(host(channel.remoteAddress()), "http", authority(channel.localAddress()));
    }

    private static String host(InetSocketAddress address) {
        var text = address.getAddress().getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    private static String authority(InetSocketAddress address) {
        var host = host(address);
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    SocketChannel channel() {
        return channel;
    }

    ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return context;
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    Deadline responseDeadline() {
        return responseDeadline;
    }

    Deadline requestDeadline() {
        return requestDeadline;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        readDeadline.arm(worker.timeouts().header());
    }

    // Requests

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        var in = (ByteBuf) message;
        worker.counters().in(in.readableBytes());
        if (state == State.LINGER) {
            linger(in);
            return;
        }
        if (held != null) {
            var before = held;
            held = null;
            in = Buffers.join(from.alloc(), before, in);
        }
        process(in);
    }

    private void process(ByteBuf in) {
        @Nullable ByteBuf left = in;
        while (left != null) {
            left = switch (state) {
                case HEAD -> head(left);
                case BODY -> body(left);
                case RESPONSE -> hold(left);
                case LINGER, TUNNEL, CLOSED -> drop(left);
            };
        }
    }

    /** Each of these takes the buffer and gives back what is left of it for the next state; null if that is nothing now. */
    private @Nullable ByteBuf head(ByteBuf in) {
        if (!in.isReadable()) {
            return drop(in);
        }
        if (!headBegan) {
            headBegan = true;
            readDeadline.arm(worker.timeouts().header());
        }
        var head = worker.request();
        return switch (head.parse(in)) {
            case INCOMPLETE -> hold(in);
            case FLAWED -> {
                in.release();
                refuse(head.flaw());
                yield null;
            }
            case COMPLETE -> {
                in.skipBytes(head.length());
                headBegan = false;
                readDeadline.cancel();
                begin(head);
                yield in;
            }
        };
    }

    private void begin(RequestHead head) {
        if (head.asksProxy()) {
            answer(Answer.OPTIONS, false);
            return;
        }
        head.startBody(body);
        state = body.ended() ? State.RESPONSE : State.BODY;
        var forwarded = head.forward(via, worker.listening().surroundings().random(), channel.alloc());
        var next = new Exchange(this, worker, head, forwarded);
        exchange = next;
        if (state == State.BODY) {
            readDeadline.arm(worker.timeouts().stall());
        }
        next.start();
    }

    private @Nullable ByteBuf body(ByteBuf in) {
        int count = body.next(in);
        if (count == BodyReader.MALFORMED) {
            in.release();
            refuseBody();
            return null;
        }
        var current = exchange;
        if (current == null) {
            return drop(in);
        }
        boolean rest = Math.abs(count) < in.readableBytes();
        if (count < 0) {
            in.skipBytes(-count);
        } else if (count > 0) {
            current.part(rest ? in.readRetainedSlice(count) : in);
        }
        if (body.ended()) {
            state = State.RESPONSE;
            readDeadline.cancel();
            current.requestEnded();
        } else {
            readDeadline.arm(worker.timeouts().stall());
            updateReading();
        }
        if (count > 0 && !rest) {
            return null;
        }
        return in.isReadable() ? in : drop(in);
    }

    private @Nullable ByteBuf hold(ByteBuf in) {
        if (!in.isReadable()) {
            return drop(in);
        }
        held = in;
        updateReading();
        return null;
    }

    private static @Nullable ByteBuf drop(ByteBuf in) {
        in.release();
        return null;
    }

    private void refuse(@Nullable Flaw flaw) {
        var found = flaw == null ? Flaw.REQUEST_LINE : flaw;
        worker.counters().flaw(found);
        answer(Answer.of(found), false);
    }

    private void refuseBody() {
        var current = exchange;
        if (current == null) {
            return;
        }
        exchange = null;
        current.cancel();
        if (current.answering()) {
            worker.counters().flaw(Flaw.CHUNK);
            cut();
        } else {
            refuse(Flaw.CHUNK);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        if (exchange != null) {
            exchange.flush();
        }
    }

    /** Reads on or stops reading, as there is room for what would come. */
    void updateReading() {
        boolean wanted = switch (state) {
            case HEAD, LINGER -> true;
            case BODY -> exchange == null || exchange.takesMore();
            case RESPONSE -> held == null || held.readableBytes() < worker.maxHeaderSize();
            case TUNNEL, CLOSED -> channel.config().isAutoRead();
        };
        if (wanted != channel.config().isAutoRead()) {
            channel.config().setAutoRead(wanted);
            if (!wanted && state == State.BODY) {
                readDeadline.cancel(); // it is not the client who stands still now
            } else if (state == State.BODY) {
                readDeadline.arm(worker.timeouts().stall());
            }
        }
    }

    // Answers

    boolean writable() {
        return channel.isWritable();
    }

    /** Writes bytes of an answer; they leave with the next {@link #flush}. */
    void send(ByteBuf part) {
        worker.counters().out(part.readableBytes());
        context().write(part, channel.voidPromise());
    }

    void flush() {
        context().flush();
    }

    /** The exchange has ended, its answer is written. */
    void answered(boolean closes) {
        exchange = null;
        readDeadline.cancel();
        if (closes || worker.listening().gate().phase() == DrainGate.Phase.CLOSED) {
            if (state == State.BODY || held != null) {
                lingerAfter(Unpooled.EMPTY_BUFFER);
            } else {
                state = State.CLOSED;
                readDeadline.arm(worker.timeouts().stall());
                context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
            return;
        }
        state = State.HEAD;
        if (held == null) {
            readDeadline.arm(worker.timeouts().idle());
            return;
        }
        var next = held;
        held = null;
        process(next);
        updateReading();
        if (exchange != null) {
            exchange.flush();
        }
    }

    /** Gives an answer of our own, the last one on this connection. */
    void answer(Answer answer, boolean toHead) {
        exchange = null;
        worker.counters().response(answer.status());
        var bytes = answer.write(channel.alloc(), worker.dateLine(), toHead);
        worker.counters().out(bytes.readableBytes());
        lingerAfter(bytes);
    }

    private void lingerAfter(ByteBuf last) {
        state = State.LINGER;
        releaseHeld();
        readDeadline.arm(worker.timeouts().stall());
        updateReading();
        context().writeAndFlush(last).addListener(written -> {
            if (channel.isActive()) {
                channel.shutdownOutput();
                readDeadline.arm(worker.timeouts().linger());
            }
        });
    }

    private void linger(ByteBuf in) {
        lingered += in.readableBytes();
        in.release();
        if (lingered > LINGER_BYTES) {
            channel.close();
        }
    }

    /** Ends an answer that is not whole so that nobody takes it for whole: with a reset. */
    void cut() {
        exchangeGone();
        state = State.CLOSED;
        releaseHeld();
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    private void exchangeGone() {
        var current = exchange;
        if (current != null) {
            exchange = null;
            current.cancel();
        }
    }

    /** Stops reading requests; returns what has come already of the other protocol. */
    @Nullable
    ByteBuf becomeTunnel() {
        var early = held;
        held = null;
        exchange = null;
        state = State.TUNNEL;
        readDeadline.cancel();
        writeDeadline.cancel();
        return early;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        boolean writable = channel.isWritable();
        if (writable) {
            writeDeadline.cancel();
        } else {
            writeDeadline.arm(worker.timeouts().stall());
        }
        if (exchange != null) {
            exchange.clientWritable(writable);
        }
    }

    // Ends

    private void readTimedOut() {
        switch (state) {
            case HEAD -> {
                if (held == null) {
                    closeUnlessReading(worker.timeouts().idle());
                } else {
                    worker.counters().timeout();
                    answer(Answer.REQUEST_TIMEOUT, false);
                }
            }
            case BODY -> {
                worker.counters().timeout();
                boolean answering = exchange != null && exchange.answering();
                exchangeGone();
                if (answering) {
                    cut();
                } else {
                    answer(Answer.REQUEST_TIMEOUT, false);
                }
            }
            case RESPONSE, TUNNEL -> {}
            case LINGER, CLOSED -> closeUnlessReading(worker.timeouts().stall());
        }
    }

    /** A client that takes an answer slowly, but takes it, is not idle. */
    private void closeUnlessReading(Deadlines.Queue again) {
        if (tookSome()) {
            readDeadline.arm(again);
        } else if (unwritten > 0) {
            worker.counters().timeout();
            cut();
        } else {
            channel.close();
        }
    }

    private void writeTimedOut() {
        if (tookSome()) {
            writeDeadline.arm(worker.timeouts().stall());
        } else {
            worker.counters().timeout();
            cut();
        }
    }

    /** Whether bytes wait to be written, and fewer or more of them than when this was last asked. */
    private boolean tookSome() {
        var buffer = channel.unsafe().outboundBuffer();
        long now = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        boolean moved = now > 0 && now != unwritten;
        unwritten = now;
        return moved;
    }

    private void responseTimedOut() {
        if (exchange != null) {
            exchange.responseTimedOut();
        }
    }

    private void requestTimedOut() {
        if (exchange != null) {
            exchange.requestTimedOut();
        }
    }

    /** Closes it if no request runs or has begun to come. */
    void closeIfIdle() {
        if (state == State.HEAD && held == null) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        readDeadline.cancel();
        writeDeadline.cancel();
        releaseHeld();
        state = State.CLOSED;
        if (exchange != null) {
            worker.counters().cancel();
            exchangeGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        from.close();
    }

    private void releaseHeld() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    /** For the log; null if nothing runs. */
    @Nullable
    String progress() {
        var current = exchange;
        return switch (state) {
            case BODY, RESPONSE ->
                current == null ? null : "request of " + host(channel.remoteAddress()) + " " + current.progress();
            case TUNNEL -> "WebSocket of " + host(channel.remoteAddress());
            case HEAD, LINGER, CLOSED -> null;
        };
    }
}
