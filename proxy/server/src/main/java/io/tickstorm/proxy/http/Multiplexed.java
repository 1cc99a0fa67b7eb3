package io.tickstorm.proxy.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2ConnectionPrefaceAndSettingsFrameWrittenEvent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.util.ReferenceCountUtil;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.admission.Parting;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.http2.Abuse;
import io.tickstorm.proxy.http2.ClientStream;
import io.tickstorm.proxy.http2.ServerCodec;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which a client speaks HTTP/2: each of its streams is a {@link ClientConnection} that carries one request.
 *
 * <p>Its end (RFC 9113 section 6.8): the client is told that it comes, with the highest number there is, since requests may be
 * under way; after a trip there and back no more are, and it is told which is the last one. When that has its answer, the
 * connection closes.
 */
final class Multiplexed extends ChannelInboundHandlerAdapter implements Session, ServerCodec.Owner {
    private static final long PING = 0x7469636b73746f72L; // "tickstor": whatever comes back

    private enum State {
        OPEN,
        ANNOUNCED,
        /** What is still opened is not taken. */
        LEAVING
    }

    private final Worker worker;
    private final Channel channel;
    private final Peer peer;
    private final ServerCodec codec;
    private final Lingering closing;
    private final Set<ClientConnection> running = ConcurrentHashMap.newKeySet();
    private final Deadline idle = new Deadline(this::finish);
    private final Deadline head = new Deadline(this::headTimedOut);
    private final Deadline stalled = new Deadline(this::stalled);
    private @Nullable ChannelHandlerContext context;
    private State state = State.OPEN;
    private int opened;

    /** @param peer as it is told of requests by HTTP/2 */
    Multiplexed(Worker worker, Channel channel, Peer peer) {
        this.worker = worker;
        this.channel = channel;
        this.peer = peer;
        closing = new Lingering(worker, channel, this::cut);
        codec = ServerCodec.of(
                this,
                worker.listening().http2(),
                worker.maxHeaderSize(),
                worker.listening().surroundings().ticker());
    }

    /** Puts itself, and what it stands on, at the end of the pipeline. */
    void install() {
        channel.pipeline()
                .addLast(
                        closing,
                        codec,
                        new Http2MultiplexHandler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel stream) {
                                open(stream);
                            }
                        }),
                        this);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        worker.counters().http2Connection();
        idle.arm(worker.timeouts().idle());
    }

    private void open(Channel stream) {
        idle.cancel();
        opened++;
        var connection = new ClientConnection(worker, stream, peer);
        running.add(connection);
        stream.closeFuture().addListener(closed -> closed(connection));
        stream.pipeline()
                .addLast(new ClientStream(worker.listening().surroundings().random()), connection);
        int most = worker.listening().http2().maxStreams();
        if (worker.listening().closing() || most > 0 && opened >= most) {
            announceClose();
        }
    }

    private void closed(ClientConnection connection) {
        running.remove(connection);
        if (connection.served()) {
            codec.served();
        }
        if (running.isEmpty()) {
            if (state == State.LEAVING) {
                closeWhenWritten();
            } else {
                idle.arm(worker.timeouts().idle());
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) throws Http2Exception {
        if (event instanceof Http2ConnectionPrefaceAndSettingsFrameWrittenEvent) {
            codec.widen(from.pipeline().context(codec));
        }
        from.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object frame) {
        if (frame instanceof Http2PingFrame ping && ping.ack() && ping.content() == PING && state == State.ANNOUNCED) {
            finish();
        }
        ReferenceCountUtil.release(frame);
    }

    // Ends

    @Override
    public void announceClose() {
        if (state == State.OPEN && context != null) {
            state = State.ANNOUNCED;
            context.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
            context.writeAndFlush(new DefaultHttp2PingFrame(PING));
        }
    }

    /** No new stream is taken from now on; it closes when those that run have ended. */
    private void finish() {
        if (state == State.LEAVING || context == null) {
            return;
        }
        state = State.LEAVING;
        context.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
        if (running.isEmpty()) {
            closeWhenWritten();
        }
    }

    private void closeWhenWritten() {
        stalled.arm(worker.timeouts().stall());
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void part(Parting parting) {
        running.forEach(stream -> stream.part(parting));
    }

    @Override
    public void closeIfIdle() {
        finish();
    }

    @Override
    public void abort() {
        running.forEach(ClientConnection::abort);
        finish();
        closing.closeNow();
    }

    /** The connection closes: what still runs on it has no client any more. */
    private void cut() {
        running.forEach(ClientConnection::leave);
    }

    @Override
    public void silent(Upstream upstream) {
        running.forEach(stream -> stream.silent(upstream));
    }

    @Override
    public Stream<String> progress() {
        return running.stream().flatMap(ClientConnection::progress);
    }

    @Override
    public void abused(Abuse abuse) {
        worker.counters().abuse(abuse);
        var account = new Account(worker, peer, new Outflow(worker, channel, () -> {}));
        account.begin();
        account.end(Termination.ABUSED, 0, null, abuse.words());
    }

    @Override
    public void inHead(boolean begun) {
        if (begun) {
            head.arm(worker.timeouts().header());
        } else {
            head.cancel();
        }
    }

    private void headTimedOut() {
        worker.counters().timeout();
        finish();
        channel.close();
    }

    private void stalled() {
        worker.counters().timeout();
        closing.closeNow();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        if (channel.isWritable()) {
            stalled.cancel();
        } else {
            stalled.arm(worker.timeouts().stall());
        }
        from.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        idle.cancel();
        head.cancel();
        stalled.cancel();
        state = State.LEAVING;
        from.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (!(cause instanceof Http2Exception)) { // those have been dealt with: the connection ends with a GOAWAY
            from.close();
        }
    }
}
