package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.http2.StreamEnd;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an upstream, or a stream of a {@link SharedConnection}, which looks like one: reads its answers for the attempt that runs on it, if any. Bytes that nobody asked for close
 * it, so that they can never be taken for the answer to a later request.
 */
final class UpstreamConnection extends ChannelInboundHandlerAdapter
        implements GenericFutureListener<Future<? super Void>> {
    /** TCP_ESTABLISHED of Linux' tcp_states.h: neither side has closed. */
    private static final int ESTABLISHED = 1;

    /** A request that was written while its server was closing the connection is refused after one trip there and back. */
    private static final long LOST_NANOS = Duration.ofMillis(100).toNanos();

    private final Worker worker;
    private final Upstream upstream;
    private final @Nullable SharedConnection shared;
    private final @Nullable IdleConnections home;
    private final AnswerReader reader;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Attempt attempt;
    private @Nullable ClientConnection unflushed;
    private @Nullable StreamEnd end;
    private boolean gone;
    private boolean reset;
    private boolean reused;
    private boolean heard;
    private long idleSince;
    private long began;

    /** @param home where it is kept while nothing runs on it */
    UpstreamConnection(Worker worker, IdleConnections home) {
        this(worker, home.upstream(), null, home);
    }

    /** @param shared whose stream this is */
    UpstreamConnection(Worker worker, Upstream upstream, SharedConnection shared) {
        this(worker, upstream, shared, null);
    }

    private UpstreamConnection(
            Worker worker, Upstream upstream, @Nullable SharedConnection shared, @Nullable IdleConnections home) {
        this.worker = worker;
        this.shared = shared;
        this.home = home;
        this.upstream = upstream;
        this.reader = new AnswerReader(worker, this);
    }

    Upstream upstream() {
        return upstream;
    }

    /** Null for a stream. */
    @Nullable
    IdleConnections home() {
        return home;
    }

    long idleSince() {
        return idleSince;
    }

    void idleSince(long nanos) {
        reused = true;
        idleSince = nanos;
    }

    /**
     * Whether it is open.
     *
     * @param scratch if given, the kernel is asked too: it knows of a FIN before the event loop has come to read it
     */
    boolean open(@Nullable EpollTcpInfo scratch) {
        var channel = context().channel();
        if (scratch != null && channel instanceof EpollSocketChannel epoll && channel.isActive()) {
            epoll.tcpInfo(scratch);
            return scratch.state() == ESTABLISHED;
        }
        return channel.isActive();
    }

    void close() {
        attempt = null;
        reader.release();
        context().close();
    }

    /** Whether the upstream can say that it has not begun with a request, although it was sent. */
    boolean mayRefuse() {
        return shared != null;
    }

    /** Whether it can become a WebSocket. */
    boolean takesWebSockets() {
        return shared == null || shared.takesWebSockets();
    }

    /** The attempt is given up because nothing came; to be called before the end. */
    void unanswered() {
        if (shared != null && !heard) {
            shared.unanswered(began);
        }
    }

    /** Begins to work for an attempt; its head is written with {@link #writeHead}. */
    void begin(Attempt next) {
        attempt = next;
        began = worker.nanos();
        heard = false;
        reader.begin();
    }

    /** Writes the head; whether it left whole is told to {@link Attempt#sent}, at the latest when flushed or closed. */
    void writeHead(ByteBuf head) {
        var to = context();
        to.write(head, to.newPromise().addListener(this));
    }

    @Override
    public void operationComplete(Future<? super Void> written) {
        if (attempt != null && written.isSuccess()) {
            attempt.sent();
        }
    }

    void write(ByteBuf part) {
        var to = context();
        to.write(part, to.voidPromise());
    }

    void flush() {
        context().flush();
    }

    boolean writable() {
        return context().channel().isWritable();
    }

    void reading(boolean wanted) {
        context().channel().config().setAutoRead(wanted && !reader.parked());
    }

    ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("no connection yet to " + upstream);
        }
        return context;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        var in = (ByteBuf) message;
        if (attempt == null) {
            in.release();
            from.close();
            return;
        }
        heard = true;
        if (shared != null) {
            shared.answering();
        }
        attempt.responseBegan();
        unflushed = attempt.client();
        reader.read(attempt, in);
    }

    /** The answer that was put aside goes to the client after all. */
    void resume() {
        var current = attempt;
        if (current == null) {
            return;
        }
        reader.resume(current);
        if (gone && attempt == current) {
            ended(current);
        }
        current.client().flush();
    }

    /** Nobody wants the answer that was put aside; true if the connection can serve on. */
    boolean discard() {
        var current = attempt;
        attempt = null;
        return current != null && reader.discard(current) && !gone;
    }

    /** Nothing runs on it any more. */
    void done() {
        attempt = null;
    }

    boolean runs(Attempt one) {
        return attempt == one;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        if (unflushed != null) {
            var client = unflushed;
            unflushed = null;
            client.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        if (attempt != null) {
            attempt.client().updateReading();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        gone = true;
        if (reader.parked()) {
            return;
        }
        reader.release();
        var current = attempt;
        if (current == null) {
            worker.pool().closedByPeer(this);
            return;
        }
        if (reused && !heard && worker.nanos() - began < LOST_NANOS) {
            upstream.keepAlive().closed(began - idleSince);
        }
        ended(current);
        current.client().flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof StreamEnd how) {
            end = how;
        }
    }

    private void ended(Attempt current) {
        attempt = null;
        if (end == StreamEnd.WENT_AWAY || end == StreamEnd.REFUSED) {
            current.refused(end == StreamEnd.REFUSED, "the server has not begun with the request, and says so");
        } else if (end == StreamEnd.MALFORMED) {
            current.failed(FailureKind.BAD_RESPONSE, "the server's answer breaks HTTP/2");
        } else if (reader.endsWithConnection() && !reset) {
            current.responded(false);
        } else {
            current.failed(
                    reset || end == StreamEnd.RESET ? FailureKind.RESET : FailureKind.CLOSED_EARLY,
                    "the server closed the connection before its answer was complete");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (cause instanceof IOException && attempt != null) {
            // A failed write: what the upstream said before it closed may still be there to be read, and then comes the
            // end.
            // A failed read ends the connection by itself.
            reset = true;
        } else {
            from.close();
        }
    }
}
