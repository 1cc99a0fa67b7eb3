package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.admission.DrainGate;
import io.tickstorm.proxy.admission.Parting;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.http1.Asked;
import io.tickstorm.proxy.http2.RequestFlawed;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: reads one request after the other and hands each to an {@link Exchange}; requests that come while one
 * runs wait as bytes. A client that closes its side while its request runs has left: that is what its close looks like.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements Session {
    /** How long a transfer may stand still before the other side is taken for gone; nginx' and HAProxy's customary value. */
    static final Duration STALL = Duration.ofSeconds(60);

    /** What is expected of the client next. */
    enum State {
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
    private final Channel channel;
    private final Peer peer;
    private final Account account;
    private final RequestReader reader;
    private final Outflow out;
    private final Ending ending;
    /** One at a time: for what comes from the client, or, once its request has come whole, for the head of the answer. */
    private final Deadline deadline = new Deadline(this::timedOut);

    private State state = State.HEAD;
    private @Nullable Exchange exchange;
    private @Nullable Tunnel tunnel;
    private boolean aborted;
    private boolean served;

    /** @param channel a socket, or a stream of one */
    ClientConnection(Worker worker, Channel channel, Peer peer) {
        this.worker = worker;
        this.channel = channel;
        reader = new RequestReader(this, worker);
        out = new Outflow(worker, channel, this::stalled);
        this.peer = peer;
        account = new Account(worker, peer, out);
        ending = new Ending(worker, channel, out, deadline);
    }

    ChannelHandlerContext context() {
        return out.context();
    }

    State state() {
        return state;
    }

    Peer peer() {
        return peer;
    }

    Account account() {
        return account;
    }

    /** Whether we have ended it although something ran. */
    boolean aborted() {
        return aborted;
    }

    /** Whether it has given an answer whole. */
    boolean served() {
        return served;
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    /** For what comes from the client. */
    Deadline readDeadline() {
        return deadline;
    }

    /** The whole request is with an upstream, which has a time to begin its answer. */
    void awaitAnswer() {
        deadline.arm(worker.timeouts().response());
    }

    /** An answer has come, or none is awaited any more. */
    void awaitNoAnswer() {
        if (state == State.RESPONSE) {
            deadline.cancel();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        out.through(added);
        deadline.arm(worker.timeouts().header());
    }

    /** It speaks another protocol, or has become a tunnel. */
    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        deadline.cancel();
    }

    // Requests

    /** A request has come that is passed on. */
    void begin(Exchange next, State expected) {
        exchange = next;
        state = expected;
    }

    /** What runs; null if nothing does. */
    @Nullable
    Exchange exchange() {
        return exchange;
    }

    /** The request that runs has come whole. */
    void requestEnded() {
        state = State.RESPONSE;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        var in = (ByteBuf) message;
        worker.counters().in(in.readableBytes());
        if (state == State.LINGER) {
            ending.drop(in);
        } else {
            reader.read(from.alloc(), in);
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
            case RESPONSE -> reader.held() < worker.maxHeaderSize();
            case TUNNEL, CLOSED -> channel.config().isAutoRead();
        };
        if (wanted != channel.config().isAutoRead()) {
            channel.config().setAutoRead(wanted);
            if (!wanted && state == State.BODY) {
                deadline.cancel(); // it is not the client who stands still now
            } else if (state == State.BODY) {
                deadline.arm(worker.timeouts().stall());
            }
        }
    }

    // Answers

    boolean writable() {
        return channel.isWritable();
    }

    /** Writes bytes of an answer; they leave with the next {@link #flush}. */
    void send(ByteBuf part) {
        out.send(part);
    }

    void flush() {
        out.flush();
    }

    /** Gives an answer of our own after which the next request may come. */
    void answerAndGoOn(Answer own, boolean toHead) {
        worker.counters().response(own.status());
        out.sendLast(own.write(channel.alloc(), worker.dateLine(), toHead, false));
        deadline.arm(worker.timeouts().idle());
    }

    /** The exchange has ended, its answer is written. */
    void answered(boolean closes) {
        exchange = null;
        served = true;
        deadline.cancel();
        if (closes || worker.listening().gate().phase() == DrainGate.Phase.CLOSED) {
            if (state == State.BODY || reader.held() > 0) {
                lingerAfter(Unpooled.EMPTY_BUFFER);
            } else {
                state = State.CLOSED;
                ending.quiet();
            }
            return;
        }
        state = State.HEAD;
        if (reader.held() == 0) {
            deadline.arm(worker.timeouts().idle());
            return;
        }
        reader.resume();
        updateReading();
        if (exchange != null) {
            exchange.flush();
        }
    }

    /** Gives up what runs, for a reason that the client is told if no answer has begun. */
    void cancel(Answer own, Termination why, String detail) {
        boolean answering = exchange != null && exchange.answer().begun();
        exchangeGone(why, own.status(), detail);
        if (answering) {
            reset();
        } else {
            answer(own, false);
        }
    }

    /** Gives an answer of our own to what was not passed on, the last one on this connection. */
    void answer(Answer own, Termination why, @Nullable Asked asked, String detail) {
        answer(own, false);
        account.end(why, own.status(), asked, detail);
    }

    /** Gives an answer of our own, the last one on this connection. */
    void answer(Answer answer, boolean toHead) {
        exchange = null;
        worker.counters().response(answer.status());
        lingerAfter(answer.write(channel.alloc(), worker.dateLine(), toHead, true));
    }

    private void lingerAfter(ByteBuf last) {
        state = State.LINGER;
        reader.release();
        updateReading();
        ending.lingering(last);
    }

    private void cut(Termination why) {
        exchangeGone(why, 0, "");
        reset();
    }

    /** Ends an answer that is not whole so that nobody takes it for whole. */
    void reset() {
        exchange = null;
        state = State.CLOSED;
        reader.release();
        ending.reset();
    }

    @Override
    public void abort() {
        aborted = true;
        cut(Termination.PROXY_DRAINED);
    }

    /** The connection that this is a stream of closes. */
    void leave() {
        cut(Termination.CLIENT_LEFT);
    }

    private void exchangeGone(Termination why, int ownStatus, String detail) {
        var current = exchange;
        if (current != null) {
            exchange = null;
            current.cancel(why, ownStatus, detail);
        }
    }

    /** Stops reading requests; returns what has come already of the other protocol. */
    @Nullable
    ByteBuf becomeTunnel(Tunnel next) {
        tunnel = next;
        exchange = null;
        state = State.TUNNEL;
        deadline.cancel();
        out.cancel();
        return reader.take();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        boolean writable = channel.isWritable();
        out.writable(writable);
        if (exchange != null) {
            exchange.clientWritable(writable);
        }
    }

    // Ends

    private void timedOut() {
        switch (state) {
            case HEAD -> {
                if (reader.held() == 0) {
                    ending.timedOut(worker.timeouts().idle());
                } else {
                    worker.counters().timeout();
                    answer(Answer.REQUEST_TIMEOUT, Termination.CLIENT_TIMEOUT, null, "");
                }
            }
            case BODY -> {
                worker.counters().timeout();
                cancel(Answer.REQUEST_TIMEOUT, Termination.CLIENT_TIMEOUT, "");
            }
            case RESPONSE -> {
                if (exchange != null) {
                    exchange.responseTimedOut();
                }
            }
            case TUNNEL -> {}
            case LINGER, CLOSED -> ending.timedOut(worker.timeouts().stall());
        }
    }

    private void stalled() {
        worker.counters().timeout();
        cut(Termination.CLIENT_TIMEOUT);
    }

    @Override
    public void silent(Upstream upstream) {
        if (exchange != null) {
            exchange.silent(upstream);
        }
    }

    /** Every answer from now on says it. */
    @Override
    public void announceClose() {}

    @Override
    public void part(Parting parting) {
        if (state == State.TUNNEL && tunnel != null) {
            tunnel.part(parting);
        }
    }

    @Override
    public void closeIfIdle() {
        if (state == State.HEAD && reader.held() == 0) {
            channel.close();
        }
    }

    /** A request by HTTP/2 that broke its rules; its stream is reset. */
    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof RequestFlawed request) {
            worker.counters().flaw(request.flaw());
            if (exchange == null) {
                account.begin();
                account.end(Termination.REQUEST_REFUSED, 0, null, request.flaw().reason());
            } else {
                exchangeGone(Termination.REQUEST_REFUSED, 0, request.flaw().reason());
            }
        }
        from.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        deadline.cancel();
        out.cancel();
        reader.release();
        state = State.CLOSED;
        if (exchange != null) {
            worker.counters().cancel();
            exchangeGone(Termination.CLIENT_LEFT, 0, "");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        from.close();
    }

    @Override
    public Stream<String> progress() {
        return Stream.ofNullable(told());
    }

    private @Nullable String told() {
        var current = exchange;
        return switch (state) {
            case BODY, RESPONSE -> current == null ? null : "request of " + peer.host() + " " + current.progress();
            case TUNNEL -> "WebSocket of " + peer.host() + " " + tunnel;
            case HEAD, LINGER, CLOSED -> null;
        };
    }
}
