package io.tickstorm.proxy.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;

/** The frames of a connection on which we speak HTTP/2 to an upstream: Netty's codec, with our bounds. */
public final class ClientCodec {
    /** Streams on one connection at once, whatever the upstream allows: 100 is what servers usually do. */
    public static final int MAX_STREAMS = 100;

    /**
     * What an upstream may send on a stream ahead of its client: memory that a client which does not read can hold. At a round trip of
     * 1 ms it allows 256 MB/s.
     */
    private static final int STREAM_WINDOW = 256 * 1024;

    /** Room for all streams: clients that do not read hold up nobody else. */
    private static final int CONNECTION_WINDOW = MAX_STREAMS * STREAM_WINDOW;

    /** Frames that only answer: an upstream that makes us pile up more than this does not read them. */
    private static final int MAX_CONTROL_FRAMES = 1000;

    private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
    private static final AsciiString COOKIE = AsciiString.cached("cookie");

    private ClientCodec() {}

    /** @param maxHeaderSize bytes of an answer's head */
    public static Http2FrameCodec of(int maxHeaderSize) {
        var settings = Http2Settings.defaultSettings()
                .pushEnabled(false)
                .initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(maxHeaderSize);
        return Http2FrameCodecBuilder.forClient()
                .initialSettings(settings)
                .encoderEnforceMaxQueuedControlFrames(MAX_CONTROL_FRAMES)
                // Requests of many clients share the table: a secret in it could be found out by guessing (RFC 7541
                // section 7.1).
                .headerSensitivityDetector((name, value) ->
                        AUTHORIZATION.contentEqualsIgnoreCase(name) || COOKIE.contentEqualsIgnoreCase(name))
                // Who closes has waited for what runs, or has nothing to wait for.
                .gracefulShutdownTimeoutMillis(0)
                .build();
    }

    /** Makes the window of the connection as large as it is to be; once the settings are written. */
    public static void widen(Http2FrameCodec codec, ChannelHandlerContext context) throws Http2Exception {
        var whole = codec.connection().connectionStream();
        var window = codec.connection().local().flowController();
        window.incrementWindowSize(whole, CONNECTION_WINDOW - window.windowSize(whole));
        context.flush();
    }
}
