package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.tickstorm.proxy.time.Ticker;
import java.util.List;

/**
 * The frames of a connection on which a client speaks HTTP/2: Netty's codec, put together so that abuse of it is counted in one
 * place ({@link FrameGuard}) and no stream holds up another. Priorities are taken in and have no effect, as RFC 9113 section
 * 5.3.2 has it. For one event loop.
 */
public final class ServerCodec extends Http2FrameCodec {
    /** Seconds in which a client that used up what it may do for nothing has it back. */
    private static final int IDLE_SECONDS = 10;

    private static final int RESET_SECONDS = 30;

    /** CONTINUATION frames of under 1 KiB in one head; nobody sends any. */
    private static final int SMALL_CONTINUATIONS = 16;

    /** Half a window is given back at once, as is customary. */
    private static final float WINDOW_RATIO = 0.5f;

    /** What a connection is told of. */
    public interface Owner {
        /** The connection ends for this. */
        void abused(Abuse abuse);

        /** A head has begun to come and is not whole, or is whole again. */
        void inHead(boolean begun);
    }

    /** The parts that Netty's constructor wants. */
    private record Parts(
            Http2ConnectionEncoder encoder,
            Http2ConnectionDecoder decoder,
            FrameGuard guard,
            StreamNumbers numbers,
            Allowance resets) {}

    private final Owner owner;
    private final Parts parts;
    private final int connectionWindow;
    private boolean inHead;
    private boolean failed;

    private ServerCodec(Owner owner, Parts parts, Http2Settings settings, int connectionWindow) {
        super(parts.encoder, parts.decoder, settings, true, true);
        this.owner = owner;
        this.parts = parts;
        this.connectionWindow = connectionWindow;
    }

    /** @param maxHeaderSize bytes of a request's head */
    public static ServerCodec of(
            Owner owner, io.tickstorm.proxy.listener.Http2Settings limits, int maxHeaderSize, Ticker ticker) {
        var connection = new DefaultHttp2Connection(true);
        connection.remote().maxActiveStreams(limits.maxConcurrentStreams());
        // Refilled without regard to what streams have read: one that is not read may fill its own window, and no
        // other's.
        connection.local().flowController(new DefaultHttp2LocalFlowController(connection, WINDOW_RATIO, true));
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        var settings = Http2Settings.defaultSettings()
                .maxConcurrentStreams(limits.maxConcurrentStreams())
                .initialWindowSize(limits.streamWindow())
                .maxHeaderListSize(maxHeaderSize)
                .connectProtocolEnabled(true);
        return new ServerCodec(
                owner, parts(connection, limits, maxHeaderSize, ticker), settings, limits.connectionWindow());
    }

    private static Parts parts(
            Http2Connection connection,
            io.tickstorm.proxy.listener.Http2Settings limits,
            int maxHeaderSize,
            Ticker ticker) {
        var numbers = new StreamNumbers();
        var resets = new Allowance(ticker, limits.maxResets(), RESET_SECONDS);
        var guard = new FrameGuard(
                new DefaultHttp2FrameReader(new FieldDecoder(maxHeaderSize), SMALL_CONTINUATIONS),
                connection,
                numbers,
                new Allowance(ticker, limits.maxIdleFrames(), IDLE_SECONDS),
                resets);
        var encoder = new DefaultHttp2ConnectionEncoder(connection, new Writer(new DefaultHttp2FrameWriter(), guard));
        var decoder = new DefaultHttp2ConnectionDecoder(
                connection, encoder, guard, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, false, false);
        return new Parts(encoder, decoder, guard, numbers, resets);
    }

    /** Tells the guard of answers. */
    private static final class Writer extends DecoratingHttp2FrameWriter {
        private final FrameGuard guard;

        Writer(Http2FrameWriter next, FrameGuard guard) {
            super(next);
            this.guard = guard;
        }

        @Override
        public ChannelFuture writeData(
                ChannelHandlerContext context,
                int stream,
                ByteBuf data,
                int padding,
                boolean end,
                ChannelPromise promise) {
            guard.answering();
            return super.writeData(context, stream, data, padding, end, promise);
        }
    }

    /** Makes the window of the connection as large as it is to be; once the settings are written. */
    public void widen(ChannelHandlerContext context) throws Http2Exception {
        var whole = connection().connectionStream();
        var window = connection().local().flowController();
        int more = connectionWindow - window.windowSize(whole);
        if (more > 0) {
            window.incrementWindowSize(whole, more);
            flush(context);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (failed) {
            in.skipBytes(in.readableBytes()); // the connection is about to close
            return;
        }
        super.decode(context, in, out);
        boolean begun = parts.guard.inHead();
        if (begun != inHead) {
            inHead = begun;
            owner.inHead(begun);
        }
    }

    @Override
    public void onError(ChannelHandlerContext context, boolean outbound, Throwable cause) {
        if (cause instanceof Http2Exception.HeaderListSizeException) {
            super.onError(context, outbound, new AbuseException(Abuse.HEAD));
        } else if (!(cause instanceof Http2Exception.StreamException late)
                || parts.numbers.state(late.streamId()) != StreamNumbers.State.RESET) {
            super.onError(context, outbound, cause);
        }
        // else: it was under way when we reset its stream, RFC 9113 section 5.1
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, Http2Exception error) {
        failed = true;
        if (error instanceof AbuseException abuse) {
            owner.abused(abuse.abuse());
        } else if (error != null && error.error() == Http2Error.ENHANCE_YOUR_CALM) {
            owner.abused(Abuse.HEAD); // all else of which Netty says so is counted before it comes to Netty
        }
        super.onConnectionError(context, outbound, cause, error);
    }

    @Override
    public ChannelFuture resetStream(ChannelHandlerContext context, int stream, long code, ChannelPromise promise) {
        if (parts.guard.cancels(stream) || !parts.numbers.reset(stream)) {
            return promise.setSuccess(); // a reset is not answered with one, and is not said twice
        }
        var written = super.resetStream(context, stream, code, promise);
        if (provoked(code) && !parts.resets.spend()) {
            onError(context, false, new AbuseException(Abuse.RESETS_PROVOKED));
        }
        return written;
    }

    /** Whether it is the client who did something wrong; an answer that broke off is not its fault. */
    private static boolean provoked(long code) {
        return code != Http2Error.NO_ERROR.code() && code != Http2Error.INTERNAL_ERROR.code();
    }

    /** A request was answered whole: the client may cancel another. */
    public void served() {
        parts.resets.earn(1);
    }
}
