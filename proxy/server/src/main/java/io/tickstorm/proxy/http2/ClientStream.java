package io.tickstorm.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import io.tickstorm.proxy.http1.Flaw;
import io.tickstorm.proxy.transport.Ends;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A stream that a client opened, as a connection of HTTP/1.1 that carries one request: frames become the bytes of a request for
 * the handler behind, and the bytes of its answer become frames. Its end says how the answer ended: END_STREAM if it is whole, and
 * a reset if it is not.
 *
 * <p>A request that breaks the rules of HTTP/2 is told of as {@link RequestFlawed}, then its stream is reset. For one event loop.
 */
public final class ClientStream extends ChannelDuplexHandler implements Ends, AnswerReader.Frames {
    /** What may come for a WebSocket before its server has switched; a client has no reason to send any. */
    private static final int MAX_EARLY = 64 * 1024;

    private final RandomGenerator random;
    private @Nullable ChannelHandlerContext context;
    private @Nullable RequestBody body;
    private @Nullable AnswerReader answer;
    private @Nullable WebSocketKey webSocket;
    private @Nullable ByteBuf early;
    private @Nullable ChannelFuture lastWrite;
    private Http2Error error = Http2Error.INTERNAL_ERROR;
    private boolean requestEnded;
    private boolean outputEnded;
    private boolean cut;
    private boolean closed;

    /** @param random for what proves that a server speaks WebSocket */
    public ClientStream(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        added.channel().attr(Ends.KEY).set(this);
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return context;
    }

    // Requests

    @Override
    public void channelRead(ChannelHandlerContext from, Object frame) {
        switch (frame) {
            case Http2HeadersFrame headers when answer == null -> head(from, headers);
            case Http2HeadersFrame trailers -> end(from, trailers.headers());
            case Http2DataFrame data -> data(from, data);
            default -> ReferenceCountUtil.release(frame);
        }
    }

    private void head(ChannelHandlerContext to, Http2HeadersFrame frame) {
        var request = new RequestBytes(frame.headers(), frame.isEndStream(), random);
        var head = request.write(to.alloc());
        answer = new AnswerReader(to.alloc(), this, request.toHead());
        if (head == null) {
            refuse(to, request.flaw());
            return;
        }
        requestEnded = frame.isEndStream();
        webSocket = request.webSocketKey();
        if (webSocket == null && !requestEnded) {
            body = new RequestBody(to.alloc(), request.length(), to::fireChannelRead);
        }
        to.fireChannelRead(head);
    }

    private void data(ChannelHandlerContext from, Http2DataFrame frame) {
        boolean last = frame.isEndStream();
        if (closed || outputEnded && !tunnel()) {
            frame.release(); // the answer is given: nobody wants the rest
        } else if (body != null) {
            refuse(from, body.part(frame.content()));
        } else if (tunnel() && early == null) {
            pass(from, frame.content());
        } else {
            early(from, frame.content());
        }
        if (last) {
            end(from, null);
        }
    }

    private static void pass(ChannelHandlerContext to, ByteBuf part) {
        if (part.isReadable()) {
            to.fireChannelRead(part);
        } else {
            part.release();
        }
    }

    /** Bytes for a server that has not switched yet: they would be read as a request there, if it never does. */
    private void early(ChannelHandlerContext from, ByteBuf part) {
        if (early == null) {
            early = part;
            return;
        }
        early = from.alloc().compositeBuffer().addComponents(true, early, part);
        if (early.readableBytes() > MAX_EARLY) {
            error = Http2Error.ENHANCE_YOUR_CALM;
            from.channel().close();
        }
    }

    private void end(ChannelHandlerContext from, @Nullable Http2Headers trailers) {
        if (requestEnded) {
            return;
        }
        requestEnded = true;
        if (body != null && !closed && !outputEnded) {
            refuse(from, body.end(trailers));
        } else if (tunnel() && early == null) {
            from.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    private void refuse(ChannelHandlerContext from, @Nullable Flaw flaw) {
        if (flaw != null && !closed) {
            error = Http2Error.PROTOCOL_ERROR;
            from.fireUserEventTriggered(new RequestFlawed(flaw));
            from.channel().close();
        }
    }

    private boolean tunnel() {
        return answer != null && answer.tunnel();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof Http2ResetFrame) {
            // Now, though more may wait to be read: what is done for the request ends, before it counts as closed.
            closed = true;
            from.close();
        } else if (event != ChannelInputShutdownEvent.INSTANCE) {
            from.fireUserEventTriggered(event);
        }
    }

    // Answers

    @Override
    public void write(ChannelHandlerContext to, Object message, ChannelPromise promise) {
        var bytes = (ByteBuf) message;
        if (answer == null || outputEnded) {
            bytes.release();
        } else {
            answer.read(bytes);
        }
        complete(promise);
    }

    /** What was written has gone when the last frame that was made of it has. */
    private void complete(ChannelPromise promise) {
        if (promise.isVoid()) {
            return;
        }
        if (lastWrite == null) {
            promise.trySuccess();
            return;
        }
        lastWrite.addListener(written -> {
            if (written.isSuccess()) {
                promise.trySuccess();
            } else {
                promise.tryFailure(written.cause());
            }
        });
    }

    @Override
    public void head(Http2Headers fields, boolean last) {
        if (webSocket != null && fields.status().charAt(0) == '2') {
            // Of a server that did not switch: it would tell the client of HTTP/2 that it did, RFC 8441 section 5.
            fields.status("502");
        }
        outputEnded = last;
        lastWrite = context().write(new DefaultHttp2HeadersFrame(fields, last));
    }

    @Override
    public void trailers(Http2Headers fields) {
        outputEnded = true;
        lastWrite = context().write(new DefaultHttp2HeadersFrame(fields, true));
    }

    @Override
    public void data(ByteBuf part, boolean last) {
        outputEnded = last;
        lastWrite = context().write(new DefaultHttp2DataFrame(part, last));
    }

    @Override
    public void switched(Http2Headers fields) {
        if (webSocket == null || !webSocket.accepted(fields.getAndRemove("sec-websocket-accept"))) {
            context().channel().close();
            return;
        }
        fields.status("200");
        lastWrite = context().write(new DefaultHttp2HeadersFrame(fields, false));
        if (early != null) {
            // not now: the handler that takes over is put in place behind this write
            context().channel().eventLoop().execute(() -> passEarly(context()));
        }
    }

    private void passEarly(ChannelHandlerContext to) {
        if (early == null) {
            return;
        }
        var first = early;
        early = null;
        pass(to, first);
        to.fireChannelReadComplete();
        if (requestEnded) {
            to.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    // Ends

    @Override
    public void endOutput(Channel channel) {
        if (!tunnel()) {
            channel.close();
        } else if (!outputEnded && channel.isActive()) {
            data(Unpooled.EMPTY_BUFFER, true);
            channel.flush();
        }
    }

    @Override
    public boolean outputEnded(Channel channel) {
        return outputEnded;
    }

    @Override
    public void reset(Channel channel) {
        cut = true;
        channel.close();
    }

    @Override
    public void close(ChannelHandlerContext from, ChannelPromise promise) {
        if (!closed) {
            closed = true;
            if (tunnel() && !outputEnded && !cut) {
                data(Unpooled.EMPTY_BUFFER, true); // a tunnel has no other end than this
                from.flush();
            }
            if (!outputEnded) {
                from.writeAndFlush(new DefaultHttp2ResetFrame(error));
            } else if (!requestEnded) {
                from.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
            }
        }
        from.close(promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        closed = true;
        release();
        from.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext from) {
        release();
    }

    private void release() {
        if (answer != null) {
            answer.release();
        }
        if (early != null) {
            early.release();
            early = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (cause instanceof Http2Exception) {
            closed = true; // with the error that it says: that is done where it was found
        } else {
            from.close();
        }
    }
}
