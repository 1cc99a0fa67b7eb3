package io.tickstorm.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Connection.Endpoint;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionPrefaceAndSettingsFrameWrittenEvent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.http2.ClientCodec;
import io.tickstorm.proxy.http2.UpstreamStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/2 to an upstream, which many requests share, each on a stream of its own ({@link UpstreamConnection}). For
 * one event loop.
 *
 * <p>It opens no stream before the upstream has sent its settings: until then it is not known to speak HTTP/2, and nothing is
 * lost if it does not. It is <i>retired</i>, which means that it finishes what runs and then closes, when the upstream says GOAWAY
 * or leaves, and when a request on it went unanswered and nothing else was heard. While streams run and nothing is heard it asks by PING
 * whether the upstream is there (RFC 9113 section 6.7).
 */
final class SharedConnection extends ChannelInboundHandlerAdapter {
    /** What has said nothing for so long is asked, and has as long to answer. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** gRPC servers end a connection on the third PING that comes within five minutes and no DATA of theirs between. */
    private static final long NEXT_PING_NANOS = Duration.ofSeconds(330).toNanos();

    /** PING and SETTINGS in a second: a server that measures its bandwidth by PING sends one for each round trip. */
    private static final int MAX_CONTROL_FRAMES = 10_000;

    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private static final OpenedByPeer OPENED_BY_PEER = new OpenedByPeer();

    private final Worker worker;
    private final SharedConnections owner;
    private final Http2FrameCodec codec;
    private final Deadline settingsDeadline = new Deadline(this::settingsMissing);
    private final Deadline silence = new Deadline(this::silent);

    private @Nullable ChannelHandlerContext context;
    private @Nullable Http2StreamChannelBootstrap streams;
    private boolean secure;
    private boolean ready;
    private boolean retired;
    private boolean webSockets;
    private boolean used;
    private long idleSince;
    private long heard;
    private long pinged;
    private boolean answersPing = true;
    private boolean askedInSilence;
    private long controlSince;
    private int controlFrames;

    SharedConnection(Worker worker, SharedConnections owner) {
        this.worker = worker;
        this.owner = owner;
        codec = ClientCodec.of(worker.maxHeaderSize());
    }

    /** A stream that the upstream opened, which is nothing that a server does: RFC 9113 section 5.1.1. */
    @Sharable
    private static final class OpenedByPeer extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext stream) {
            stream.channel().parent().close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("no connection yet");
        }
        return context;
    }

    Channel channel() {
        return context().channel();
    }

    /** Makes room for another handler, whose connection it is from now on. */
    void leaveTo(UpstreamConnection other) {
        context().pipeline().replace(this, null, other);
    }

    // Begin

    /** The connection is there: our settings go out, theirs are waited for; unless TLS has come to HTTP/1.1. */
    void begin() {
        var tls = channel().pipeline().get(SslHandler.class);
        secure = tls != null;
        if (tls != null && !ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
            owner.http1(this);
            return;
        }
        heard = worker.nanos();
        codec.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                streamEnded();
            }
        });
        settingsDeadline.arm(worker.within(worker.connectTimeout()));
        var pipeline = context().pipeline();
        pipeline.addBefore(context().name(), null, codec);
        pipeline.addBefore(context().name(), null, new Http2MultiplexHandler(OPENED_BY_PEER));
        streams = new Http2StreamChannelBootstrap(channel());
    }

    private void settingsMissing() {
        failed(FailureKind.CONNECT_TIMEOUT, "the server did not begin to speak HTTP/2 in time");
    }

    private void failed(FailureKind kind, String reason) {
        retired = true;
        settingsDeadline.cancel();
        channel().close();
        owner.failed(kind, reason);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) throws Http2Exception {
        if (event instanceof Http2ConnectionPrefaceAndSettingsFrameWrittenEvent) {
            ClientCodec.widen(codec, from);
        }
    }

    private void settings(Http2SettingsFrame frame) {
        webSockets |= Boolean.TRUE.equals(frame.settings().connectProtocolEnabled());
        if (!ready && !retired) {
            ready = true;
            idleSince = worker.nanos();
            settingsDeadline.cancel();
            owner.ready(this);
        } else {
            owner.serveSoon(); // there may be room for more
        }
    }

    // Streams

    /** Streams that may run at once. */
    int capacity() {
        return Math.min(local().maxActiveStreams(), ClientCodec.MAX_STREAMS);
    }

    private Endpoint<?> local() {
        return codec.connection().local();
    }

    private boolean idle() {
        return local().numActiveStreams() == 0;
    }

    /** Whether another stream may be opened now. */
    boolean takes() {
        return ready
                && !retired
                && local().numActiveStreams() < capacity()
                && channel().isActive();
    }

    /** How long it has been idle; 0 if it is not. */
    long idleNanos(long now) {
        return ready && idle() ? now - idleSince : 0;
    }

    /** Whether the upstream takes WebSockets: RFC 8441 section 3. */
    boolean takesWebSockets() {
        return webSockets;
    }

    /** Whether streams were opened on it before. */
    boolean used() {
        return used;
    }

    /** Opens a stream. */
    UpstreamConnection open() {
        var stream = new UpstreamConnection(worker, owner.upstream(), this);
        if (streams == null) {
            throw new IllegalStateException("not begun");
        }
        used = true;
        streams.handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel opened) {
                opened.pipeline().addLast(new UpstreamStream(secure), stream);
            }
        });
        streams.open(); // done when it returns, on this event loop
        if (!silence.armed()) {
            heard = worker.nanos();
            silence.arm(worker.within(SILENCE));
        }
        return stream;
    }

    private void streamEnded() {
        if (idle()) {
            idleSince = worker.nanos();
            if (retired) {
                worker.loop().execute(this::closeIfIdle);
            }
        }
        owner.serveSoon();
    }

    private void closeIfIdle() {
        if (idle()) {
            channel().close();
        }
    }

    /** Opens no more streams, and closes when the last one has ended. */
    void retire() {
        retired = true;
        closeIfIdle();
    }

    /** A request that was begun at {@code since} is given up without an answer; if nothing at all has come, nobody else is to follow. */
    void unanswered(long since) {
        if (heard - since <= 0) {
            retire();
        }
    }

    // The upstream is there

    /** The upstream sends an answer. */
    void answering() {
        askedInSilence = false;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        heard = worker.nanos();
        answersPing = true;
    }

    private void silent() {
        long now = worker.nanos();
        if (idle()) {
            return;
        }
        if (!answersPing) {
            channel().close();
            return;
        }
        boolean may = !askedInSilence || now - pinged >= NEXT_PING_NANOS;
        if (now - heard >= SILENCE.toNanos() && may) {
            askedInSilence = true;
            answersPing = false;
            pinged = now;
            context().writeAndFlush(new DefaultHttp2PingFrame(now));
        }
        silence.arm(worker.within(SILENCE));
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object frame) {
        switch (frame) {
            case Http2SettingsFrame settings -> {
                control();
                settings(settings);
            }
            case Http2PingFrame ping -> control();
            case Http2GoAwayFrame leaving -> {
                leaving.release();
                ending();
                worker.loop().execute(this::closeIfIdle);
            }
            default -> ReferenceCountUtil.release(frame);
        }
    }

    /** A frame has come that costs us an answer and has no use for anybody. */
    private void control() {
        long now = worker.nanos();
        if (now - controlSince > SECOND_NANOS) {
            controlSince = now;
            controlFrames = 0;
        }
        if (++controlFrames > MAX_CONTROL_FRAMES) {
            channel().close();
        }
    }

    // End

    private void ending() {
        if (!retired) {
            retired = true;
            owner.ending(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        silence.cancel();
        settingsDeadline.cancel();
        if (ready) {
            ending();
        } else if (!retired) {
            failed(FailureKind.CONNECT_FAILED, "the server does not speak HTTP/2");
        }
        owner.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        from.close();
    }
}
