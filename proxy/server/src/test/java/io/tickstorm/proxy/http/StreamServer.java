package io.tickstorm.proxy.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** A server that speaks HTTP/2 with prior knowledge on a free port of loopback. */
final class StreamServer implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    private final List<Stream> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger resets = new AtomicInteger();
    private final Channel listener;

    private StreamServer(int port, Http2Settings settings, Function<StreamServer, ChannelHandler> streams) {
        var bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accepted.incrementAndGet();
                        connections.add(channel);
                        channel.closeFuture().addListener(closed -> connections.remove(channel));
                        channel.pipeline()
                                .addLast(
                                        Http2FrameCodecBuilder.forServer()
                                                .initialSettings(settings)
                                                .gracefulShutdownTimeoutMillis(5_000)
                                                .build(),
                                        new Http2MultiplexHandler(new ChannelInitializer<>() {
                                            @Override
                                            protected void initChannel(Channel stream) {
                                                stream.pipeline().addLast(streams.apply(StreamServer.this));
                                            }
                                        }));
                    }
                });
        listener = listen(bootstrap, port);
    }

    /** A port that is taken up again may for a moment be that of somebody's outgoing connection. */
    private static Channel listen(ServerBootstrap bootstrap, int port) {
        var bound = new AtomicReference<ChannelFuture>();
        Balancer.await("the port is free", () -> {
            bound.set(bootstrap.bind(InetAddress.getLoopbackAddress(), port).awaitUninterruptibly());
            return port == 0 || bound.get().isSuccess();
        });
        return bound.get().syncUninterruptibly().channel();
    }

    /** @param behaviour what is done with a request that has come whole; on an event loop */
    static StreamServer with(Consumer<Stream> behaviour) {
        return with(Http2Settings.defaultSettings(), behaviour);
    }

    static StreamServer with(Http2Settings settings, Consumer<Stream> behaviour) {
        return new StreamServer(0, settings, server -> server.new Stream(behaviour));
    }

    /** @param handler makes what works on a stream */
    static StreamServer handling(Http2Settings settings, Supplier<ChannelHandler> handler) {
        return new StreamServer(0, settings, server -> handler.get());
    }

    /** One in place of another that was closed. */
    static StreamServer at(int port, Consumer<Stream> behaviour) {
        return new StreamServer(port, Http2Settings.defaultSettings(), server -> server.new Stream(behaviour));
    }

    static StreamServer saying(String body) {
        return with(stream -> stream.answer(body));
    }

    /** A request and the stream it came on. */
    final class Stream extends ChannelInboundHandlerAdapter {
        private final Consumer<Stream> behaviour;
        private Http2StreamChannel channel;
        private final StringBuilder body = new StringBuilder();
        private Http2Headers head;
        private Http2Headers trailers;

        Stream(Consumer<Stream> behaviour) {
            this.behaviour = behaviour;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            channel = (Http2StreamChannel) context.channel();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            boolean ended = false;
            if (message instanceof Http2HeadersFrame frame) {
                ended = frame.isEndStream();
                if (head == null) {
                    head = frame.headers();
                    ended |= "CONNECT".contentEquals(head.method());
                } else {
                    trailers = frame.headers();
                }
            } else if (message instanceof Http2DataFrame frame) {
                ended = frame.isEndStream();
                body.append(frame.content().toString(StandardCharsets.ISO_8859_1));
            }
            ReferenceCountUtil.release(message);
            if (ended) {
                requests.add(this);
                behaviour.accept(this);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof Http2ResetFrame) {
                resets.incrementAndGet();
            }
            ReferenceCountUtil.release(event);
        }

        Http2StreamChannel channel() {
            return channel;
        }

        Http2Headers head() {
            return head;
        }

        String field(String name) {
            var value = head.get(name);
            return value == null ? null : value.toString();
        }

        String body() {
            return body.toString();
        }

        Http2Headers trailers() {
            return trailers;
        }

        void answer(String text) {
            headers(ok(), false).data(text, true);
        }

        Stream headers(Http2Headers fields, boolean last) {
            channel.writeAndFlush(new DefaultHttp2HeadersFrame(fields, last));
            return this;
        }

        Stream data(String text, boolean last) {
            channel.writeAndFlush(
                    new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1), last));
            return this;
        }

        void reset(Http2Error error) {
            channel.writeAndFlush(new DefaultHttp2ResetFrame(error));
        }

        /** Says that it goes away, having begun with no stream above this number, and closes when what runs has ended. */
        void goAway(int last) {
            var context = channel.parent().pipeline().context(Http2FrameCodec.class);
            var codec = (Http2FrameCodec) context.handler();
            codec.goAway(context, last, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, context.newPromise());
            context.flush();
        }
    }

    static Http2Headers ok() {
        return new DefaultHttp2Headers().status("200");
    }

    List<Stream> requests() {
        return requests;
    }

    Stream lastRequest() {
        return requests.getLast();
    }

    /** Streams that were reset by the other side. */
    int resets() {
        return resets.get();
    }

    int accepted() {
        return accepted.get();
    }

    int open() {
        return connections.size();
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    Endpoint endpoint() {
        return Endpoint.active(new EndpointId("uid-" + port(), "127.0.0.1", port()), "backend-" + port());
    }

    /**
     * Takes no new connections, and ends those that are there as RFC 9113 section 6.8 has it: first says that it will go, then, when the
     * other side can have heard that, with which stream it began last; closes when what runs has ended.
     */
    void leave() {
        listener.close().syncUninterruptibly();
        for (var connection : connections) {
            connection.eventLoop().execute(() -> {
                var context = connection.pipeline().context(Http2FrameCodec.class);
                var codec = (Http2FrameCodec) context.handler();
                codec.goAway(context, Integer.MAX_VALUE, 0, Unpooled.EMPTY_BUFFER, context.newPromise());
                context.flush();
                connection.eventLoop().schedule(() -> connection.close(), 100, TimeUnit.MILLISECONDS);
            });
        }
    }

    /** Is gone at once, with all connections. */
    void kill() {
        listener.close().syncUninterruptibly();
        for (var connection : connections) {
            connection.eventLoop().execute(() -> {
                connection.config().setOption(ChannelOption.SO_LINGER, 0);
                connection.unsafe().close(connection.voidPromise());
            });
        }
    }

    @Override
    public void close() {
        kill();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
