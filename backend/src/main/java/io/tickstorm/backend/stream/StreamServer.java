package io.tickstorm.backend.stream;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tickstorm.backend.drain.Drain;
import io.tickstorm.backend.wire.FrameDecoder;
import io.tickstorm.backend.wire.FrameEncoder;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** The port that speaks Tick-Storm, on the event loops of Vert.x. Thread-safe. */
public final class StreamServer {
    /** Accepted connections that wait for an event loop: room for every client of a lost server to reconnect at once. */
    private static final int BACKLOG = 4096;

    private final Channel listening;
    private final ChannelGroup sessions;

    private StreamServer(Channel listening, ChannelGroup sessions) {
        this.listening = listening;
        this.sessions = sessions;
    }

    /**
     * Listens on {@code host:port}.
     *
     * @param port 0..65535, 0 for any free port: see {@link #port()}
     * @param drain when it begins, sessions end at their moment, later ones too
     * @param instanceId what an ACK names as {@code instance_id}
     * @return fails if the port cannot be bound
     */
    public static Future<StreamServer> bind(
            Vertx vertx,
            String host,
            int port,
            StreamSettings settings,
            Drain drain,
            String instanceId,
            StreamTotals totals) {
        var internal = (VertxInternal) vertx;
        var markets = markets(internal, settings);
        var sessions = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        var bootstrap = new ServerBootstrap()
                .group(internal.acceptorEventLoopGroup(), internal.nettyEventLoopGroup())
                .channelFactory(internal.transport().serverChannelFactory(false))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        sessions.add(channel);
                        var market = market(markets, channel.eventLoop());
                        channel.pipeline()
                                .addLast(new FrameDecoder())
                                .addLast(new FrameEncoder())
                                .addLast(new Session(
                                        channel, settings, market, drain, InstantSource.system(), instanceId, totals));
                    }
                });
        var bound = Promise.<StreamServer>promise();
        bootstrap.bind(new InetSocketAddress(host, port)).addListener(result -> {
            if (result.isSuccess()) {
                bound.complete(new StreamServer(((ChannelFuture) result).channel(), sessions));
            } else {
                bound.fail(result.cause());
            }
        });
        return bound.future();
    }

    /** The bound port, 1..65535. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Takes no more connections; those that are there go on. */
    public Future<Void> stopAccepting() {
        return completed(listening.close());
    }

    /** Completes once every connection that is open now has ended. */
    public Future<Void> drained() {
        return completed(sessions.newCloseFuture());
    }

    /** Stops accepting and closes every connection at once. */
    public Future<Void> close() {
        return stopAccepting().compose(stopped -> completed(sessions.close()));
    }

    private static Map<EventExecutor, Market> markets(VertxInternal vertx, StreamSettings settings) {
        var random = new SplittableRandom();
        var markets = new IdentityHashMap<EventExecutor, Market>();
        for (var loop : vertx.nettyEventLoopGroup()) {
            var allocator = ByteBufAllocator.DEFAULT;
            markets.put(loop, new Market(loop, allocator, random.split(), InstantSource.system(), settings));
        }
        return markets;
    }

    private static Market market(Map<EventExecutor, Market> markets, EventLoop loop) {
        var market = markets.get(loop);
        if (market == null) {
            throw new IllegalStateException("event loop of another Vert.x: " + loop);
        }
        return market;
    }

    private static Future<Void> completed(io.netty.util.concurrent.Future<Void> future) {
        var promise = Promise.<Void>promise();
        future.addListener(result -> promise.complete());
        return promise.future();
    }
}
