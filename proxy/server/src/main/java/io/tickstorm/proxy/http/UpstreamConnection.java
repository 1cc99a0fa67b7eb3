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
import io.tickstorm.proxy.http1.BodyReader;
import io.tickstorm.proxy.http1.Flaw;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an upstream: reads its answers for the attempt that runs on it, if any. Bytes that nobody asked for close
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
    private final BodyReader body = new BodyReader();
    private @Nullable ChannelHandlerContext context;
    private @Nullable Attempt attempt;
    private @Nullable ByteBuf held;
    private @Nullable ClientConnection unflushed;
    private boolean headDone;
    private boolean parked;
    private boolean gone;
    private boolean persistent;
    private boolean reset;
    private boolean reused;
    private boolean heard;
    private long idleSince;
    private long began;

    UpstreamConnection(Worker worker, Upstream upstream) {
        this.worker = worker;
        this.upstream = upstream;
    }

    Upstream upstream() {
        return upstream;
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
        parked = false;
        context().close();
    }

    /** Begins to work for an attempt; its head is written with {@link #writeHead}. */
    void begin(Attempt next) {
        attempt = next;
        began = worker.nanos();
        heard = false;
        headDone = false;
        body.startEmpty();
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
        context().channel().config().setAutoRead(wanted && !parked);
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
        attempt.responseBegan();
        unflushed = attempt.client();
        if (held != null) {
            var before = held;
            held = null;
            in = Buffers.join(from.alloc(), before, in);
        }
        if (parked) {
            held = in;
        } else {
            read(attempt, in);
        }
    }

    private void read(Attempt current, ByteBuf in) {
        if (headDone) {
            relay(current, in, 0);
            return;
        }
        while (in.isReadable()) {
            var head = worker.response();
            switch (head.parse(in)) {
                case INCOMPLETE -> {
                    held = in;
                    return;
                }
                case FLAWED -> {
                    in.release();
                    refuse(current, head.flaw());
                    return;
                }
                case COMPLETE -> {
                    in.skipBytes(head.length());
                    if (head.status() == 101) {
                        switchProtocols(current, in);
                        return;
                    }
                    if (!head.interim()) {
                        if (current.mayGoElsewhere(head)) {
                            park(current, in.readerIndex(in.readerIndex() - head.length()));
                        } else {
                            finalHead(current, in);
                        }
                        return;
                    }
                    current.answer().interim(head);
                }
            }
        }
        in.release();
    }

    /** Puts an answer aside until it is known whether another one can be had: then {@link #resume} or {@link #discard}. */
    private void park(Attempt current, ByteBuf in) {
        held = in;
        parked = true;
        reading(false);
        current.parked();
    }

    /** The answer goes to the client after all. */
    void resume() {
        var current = attempt;
        var in = held;
        if (current == null || in == null) {
            return;
        }
        held = null;
        parked = false;
        reading(current.client().writable());
        worker.response().parse(in); // others have used it since
        in.skipBytes(worker.response().length());
        finalHead(current, in);
        if (gone && attempt == current) {
            ended(current);
        }
        current.client().flush();
    }

    /** Nobody wants the answer; true if the connection can serve on. */
    boolean discard() {
        var current = attempt;
        var in = held;
        attempt = null;
        held = null;
        parked = false;
        if (current == null || in == null) {
            return false;
        }
        var head = worker.response();
        head.parse(in);
        in.skipBytes(head.length());
        head.startBody(body, current.answer().toHead(), false);
        for (int count = body.next(in); count != 0 && count != BodyReader.MALFORMED; count = body.next(in)) {
            in.skipBytes(Math.abs(count));
        }
        boolean whole = body.ended() && !in.isReadable();
        in.release();
        return whole && head.persistent() && !gone;
    }

    private void refuse(Attempt current, @Nullable Flaw flaw) {
        var found = flaw == null ? Flaw.STATUS_LINE : flaw;
        worker.counters().flaw(found);
        fail(current, FailureKind.BAD_RESPONSE, "the server's answer is malformed: " + found.reason());
    }

    private void fail(Attempt current, FailureKind kind, String reason) {
        attempt = null;
        context().close();
        current.failed(kind, reason);
    }

    private void switchProtocols(Attempt current, ByteBuf rest) {
        if (!current.answer().upgrade()) {
            rest.release();
            refuse(current, Flaw.SWITCHED_UNASKED);
            return;
        }
        attempt = null;
        current.switched(worker.response(), this, rest);
    }

    private void finalHead(Attempt current, ByteBuf in) {
        var head = worker.response();
        headDone = true;
        persistent = head.persistent();
        int hint = head.keepAliveSeconds();
        if (hint >= 0) {
            upstream.keepAlive().hinted(hint);
        }
        head.startBody(body, current.answer().toHead(), current.answer().http10());
        boolean wrapped = body.untilClose() && !current.answer().http10();
        int assembled = current.responseHead(head, body, wrapped);
        // one buffer, one write: the assembled head takes the place of the one that came, right before the body
        if (assembled <= head.length() && !wrapped) {
            head.writeBefore(in);
            in.skipBytes(assembled);
            relay(current, in, assembled);
        } else {
            current.client().send(head.write(context().alloc()));
            relay(current, in, 0);
        }
    }

    /**
     * Passes on what belongs to the body.
     *
     * @param headBytes bytes right before the reader index that go with it
     */
    private void relay(Attempt current, ByteBuf in, int headBytes) {
        int before = headBytes;
        while (true) {
            int count = body.next(in);
            if (count == BodyReader.MALFORMED) {
                in.release();
                worker.counters().flaw(Flaw.CHUNK);
                fail(current, FailureKind.BAD_RESPONSE, Flaw.CHUNK.reason());
                return;
            }
            if (count < 0 && before == 0) {
                in.skipBytes(-count);
                continue;
            }
            int sent = before + Math.max(0, count);
            if (sent == 0) {
                break;
            }
            in.readerIndex(in.readerIndex() - before);
            before = 0;
            if (sent == in.readableBytes()) {
                current.answer().part(in);
                end(current, false);
                return;
            }
            current.answer().part(in.readRetainedSlice(sent));
            if (count < 0) {
                in.skipBytes(-count);
            }
        }
        boolean more = in.isReadable();
        in.release();
        end(current, more);
    }

    /** @param more whether bytes came behind the end of the body */
    private void end(Attempt current, boolean more) {
        if (body.ended() && attempt == current) {
            attempt = null;
            current.responded(persistent && !more);
        }
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
        if (parked) {
            return;
        }
        if (held != null) {
            held.release();
            held = null;
        }
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

    private void ended(Attempt current) {
        attempt = null;
        if (headDone && body.untilClose() && !reset) {
            current.responded(false);
        } else {
            current.failed(
                    reset ? FailureKind.RESET : FailureKind.CLOSED_EARLY,
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
