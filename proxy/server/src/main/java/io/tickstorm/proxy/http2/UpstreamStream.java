package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.tickstorm.proxy.http2.AnswerBytes.Framing;
import io.tickstorm.proxy.transport.Ends;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a stream to an upstream what looks like a connection of HTTP/1.1 that carries one request: bytes that are written become
 * HEADERS and DATA, what comes back becomes bytes. An answer is shown whole only when the stream has ended, so that it cannot look
 * whole before the upstream has said that it is.
 */
public final class UpstreamStream extends ChannelDuplexHandler implements RequestParts.Frames {
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");

    /** Data of this size or less goes into one buffer with its framing: copying it costs less than another write. */
    private static final int COPIED = 1024;

    private enum Answer {
        HEAD,
        BODY,
        TUNNEL,
        ENDED
    }

    private final AsciiString scheme;
    private @Nullable ChannelHandlerContext added;
    private @Nullable RequestParts request;
    private @Nullable Http2StreamFrame unwritten;
    private boolean toHead;
    private AsciiString webSocketKey = AsciiString.EMPTY_STRING;

    private Answer answer = Answer.HEAD;
    private Framing framing = Framing.NONE;
    private boolean webSocket;
    private long left;
    private boolean firstChunk = true;
    private @Nullable ByteBuf held;

    /** @param secure whether the connection has TLS */
    public UpstreamStream(boolean secure) {
        scheme = secure ? HTTPS : HTTP;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        added = context;
        request = new RequestParts(context.alloc(), this, scheme);
        context.channel().attr(Ends.KEY).set(new StreamEnds());
    }

    private ChannelHandlerContext context() {
        if (added == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return added;
    }

    // The request

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf bytes) || request == null) {
            context.write(message, promise);
            return;
        }
        if (bytes.isReadable()) {
            request.read(bytes);
        } else { // somebody waits until all before it is written
            bytes.release();
            data(Unpooled.EMPTY_BUFFER, false);
        }
        var last = unwritten;
        unwritten = null;
        if (last == null) {
            promise.trySuccess();
        } else {
            context.write(last, promise);
        }
    }

    @Override
    public void head(OutgoingHead head, boolean last) {
        toHead = head.head();
        webSocket = head.upgrade();
        webSocketKey = head.webSocketKey();
        next(new DefaultHttp2HeadersFrame(head.fields(), last));
    }

    @Override
    public void data(ByteBuf part, boolean last) {
        if (last && !part.isReadable() && unwritten instanceof Http2DataFrame before) {
            unwritten = new DefaultHttp2DataFrame(before.content(), true);
        } else {
            next(new DefaultHttp2DataFrame(part, last));
        }
    }

    @Override
    public void trailers(Http2Headers fields) {
        next(new DefaultHttp2HeadersFrame(fields, true));
    }

    /** Frames are written one behind, so that the last one can say that it is. */
    private void next(Http2StreamFrame frame) {
        if (unwritten != null) {
            context().write(unwritten, context().voidPromise());
        }
        unwritten = frame;
    }

    /** What was written and has not left, for the upstream has not made room for it, would otherwise stay in the codec. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        switch (((Http2StreamChannel) context.channel()).stream().state()) {
            case OPEN, HALF_CLOSED_REMOTE -> context.write(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
            case IDLE, RESERVED_LOCAL, RESERVED_REMOTE, HALF_CLOSED_LOCAL, CLOSED -> {}
        }
        context.close(promise);
    }

    // The answer

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (message) {
            case Http2HeadersFrame frame when answer == Answer.HEAD -> head(context, frame);
            case Http2HeadersFrame frame when answer == Answer.BODY -> trailers(context, frame);
            case Http2DataFrame frame when answer == Answer.BODY || answer == Answer.TUNNEL -> data(context, frame);
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void head(ChannelHandlerContext context, Http2HeadersFrame frame) {
        var fields = frame.headers();
        int status = AsciiString.of(fields.status()).parseInt();
        boolean ended = frame.isEndStream();
        if (webSocket && status >= 200 && status < 300 && !ended) {
            answer = Answer.TUNNEL;
            fire(context, AnswerBytes.switched(context.alloc(), fields, webSocketKey));
        } else if (status == 101) { // RFC 9113 section 8.6
            malformed(context);
        } else if (status < 200) {
            fire(context, AnswerBytes.head(context.alloc(), status, fields, Framing.NONE, false));
        } else {
            answer = Answer.BODY;
            framing = toHead || status == 204 || status == 304 ? Framing.NONE : AnswerBytes.framing(fields, ended);
            left = framing == Framing.LENGTH ? fields.getLong("content-length", 0) : 0;
            if (ended && left > 0) {
                malformed(context);
            } else {
                pass(context, AnswerBytes.head(context.alloc(), status, fields, framing, ended), ended);
            }
        }
    }

    private void data(ChannelHandlerContext context, Http2DataFrame frame) {
        var part = frame.content();
        boolean ended = frame.isEndStream();
        if (answer == Answer.TUNNEL) {
            context.fireChannelRead(part);
            if (ended) {
                answer = Answer.ENDED;
                context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
        } else if (framing == Framing.CHUNKS) {
            chunk(context, part);
            if (ended) {
                lastChunk(context, null);
            }
        } else {
            left -= part.readableBytes();
            pass(context, part, ended);
        }
    }

    private void chunk(ChannelHandlerContext context, ByteBuf part) {
        int size = part.readableBytes();
        if (size == 0) {
            part.release();
            return;
        }
        boolean copied = size <= COPIED;
        var start = AnswerBytes.chunk(context.alloc(), firstChunk, size, copied ? size : 0);
        firstChunk = false;
        if (copied) {
            start.writeBytes(part);
            part.release();
            context.fireChannelRead(start);
        } else {
            context.fireChannelRead(start);
            context.fireChannelRead(part);
        }
    }

    private void trailers(ChannelHandlerContext context, Http2HeadersFrame frame) {
        if (framing == Framing.CHUNKS) {
            lastChunk(context, frame.headers());
        } else {
            pass(context, Unpooled.EMPTY_BUFFER, true); // there is no place for them
        }
    }

    private void lastChunk(ChannelHandlerContext context, @Nullable Http2Headers trailers) {
        answer = Answer.ENDED;
        fire(context, AnswerBytes.lastChunk(context.alloc(), firstChunk, trailers));
    }

    /** Passes on what the end of the answer may be, which waits for the end of the stream: until then it may still be cut. */
    private void pass(ChannelHandlerContext context, @Nullable ByteBuf part, boolean ended) {
        if (part == null) {
            malformed(context);
            return;
        }
        if (held != null) {
            var before = held;
            held = null;
            context.fireChannelRead(before);
        }
        if (ended) {
            answer = Answer.ENDED;
        }
        if (ended || left > 0 || framing == Framing.CHUNKS) {
            context.fireChannelRead(part);
        } else {
            held = part;
        }
    }

    private void fire(ChannelHandlerContext context, @Nullable ByteBuf bytes) {
        if (bytes == null) {
            malformed(context);
        } else {
            context.fireChannelRead(bytes);
        }
    }

    private void malformed(ChannelHandlerContext context) {
        answer = Answer.ENDED;
        context.fireUserEventTriggered(StreamEnd.MALFORMED);
        context.close();
    }

    // Ends

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case Http2ResetFrame reset ->
                context.fireUserEventTriggered(
                        reset.errorCode() == Http2Error.REFUSED_STREAM.code() ? StreamEnd.REFUSED : StreamEnd.RESET);
            case Http2GoAwayFrame leaving -> {
                leaving.release();
                context.fireUserEventTriggered(StreamEnd.WENT_AWAY);
            }
            default -> context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof Http2Exception) { // of this stream: the codec resets it
            context.fireUserEventTriggered(StreamEnd.MALFORMED);
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        answer = Answer.ENDED;
        if (held != null) {
            held.release();
            held = null;
        }
        if (request != null) {
            request.release();
        }
        context.fireChannelInactive();
    }

    /** For a tunnel: END_STREAM where a socket has FIN. */
    private static final class StreamEnds implements Ends {
        private boolean outputEnded;

        @Override
        public void endOutput(Channel channel) {
            if (channel.isActive() && !outputEnded) {
                outputEnded = true;
                channel.writeAndFlush(new DefaultHttp2DataFrame(true));
            }
        }

        @Override
        public boolean outputEnded(Channel channel) {
            return outputEnded;
        }

        @Override
        public void reset(Channel channel) {
            channel.close();
        }
    }
}
