package io.tickstorm.proxy.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.admission.AcceptRate;
import io.tickstorm.proxy.admission.ClientLimits;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.tls.ServerTls;
import io.tickstorm.proxy.tls.UpstreamTls;
import io.tickstorm.proxy.transport.Beginning;
import io.tickstorm.proxy.transport.Port;
import io.tickstorm.proxy.transport.Transport;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/** A port on which TCP comes in. Each session lives on one event loop; cut off, it is reset. It has no way to announce a close: clients see the end of their session. */
public final class TcpListener implements Port {
    private final Channel server;
    private final Sessions sessions;

    private TcpListener(Channel server, Sessions sessions) {
        this.server = server;
        this.sessions = sessions;
    }

    /** Listens in plain. */
    public static CompletionStage<TcpListener> bind(
            EventLoopGroup loops,
            ListenerSettings settings,
            Routes<Split> routes,
            Ticker ticker,
            RandomGenerator random,
            AccessLog access) {
        return bind(
                loops, settings, ServerTls.none(settings.name()), new UpstreamTls(), routes, ticker, random, access);
    }

    /**
     * Listens.
     *
     * @param settings of protocol TCP
     * @param tls what new connections begin with; whoever made it changes and closes it
     * @param upstreams how connections to backends are secured, if they are
     * @param routes who gets which session, by the name that a TLS client asks for
     * @param random keeps clients from knowing whom they share memory with; any thread
     * @param access told of each session that has ended
     * @return fails if the address cannot be bound
     */
    public static CompletionStage<TcpListener> bind(
            EventLoopGroup loops,
            ListenerSettings settings,
            ServerTls tls,
            UpstreamTls upstreams,
            Routes<Split> routes,
            Ticker ticker,
            RandomGenerator random,
            AccessLog access) {
        if (!(settings.limits() instanceof ListenerLimits.Tcp limits)) {
            throw new IllegalArgumentException(settings.name() + ": " + settings.protocol() + " (expected: TCP)");
        }
        var transport = Transport.of(loops);
        var clients = new ClientLimits(settings.clients(), ticker, random);
        var accepting = new AcceptRate(settings.accepting(), ticker);
        var sessions = new Sessions(
                settings.name(),
                transport,
                tls,
                upstreams,
                routes,
                limits,
                new Beginning(settings.keepAlive(), settings.proxyProtocol()),
                clients,
                accepting,
                ticker,
                access);
        var bound = new CompletableFuture<TcpListener>();
        transport
                .listener(loops)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        sessions.accept(client);
                    }
                })
                .bind(new InetSocketAddress(settings.address(), settings.port()))
                .addListener((ChannelFuture result) -> {
                    if (result.isSuccess()) {
                        bound.complete(new TcpListener(result.channel(), sessions));
                    } else {
                        bound.completeExceptionally(result.cause());
                    }
                });
        return bound;
    }

    @Override
    public int number() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    @Override
    public int connections() {
        return sessions.open();
    }

    @Override
    public long accepted() {
        return sessions.accepted();
    }

    @Override
    public long refused() {
        return sessions.refused();
    }

    @Override
    public AcceptRate accepting() {
        return sessions.accepting;
    }

    @Override
    public ClientLimits clients() {
        return sessions.clients;
    }

    /** Sessions that ended because no upstream could be had. */
    public long unserved() {
        return sessions.unserved();
    }

    /** Connections for which no route was found, or that did not begin with the ClientHello that says which. */
    public long unrouted() {
        return sessions.unrouted.sum();
    }

    /** Connections that were closed because their PROXY protocol header was missing or wrong, or their peer not trusted. */
    public long headersRefused() {
        return sessions.headersRefused.sum();
    }

    /** Times that the kernel took over a session whose bytes poured. */
    public long spliced() {
        return sessions.spliced();
    }

    /** Pipes that are open for such sessions, two for each. */
    public int pipes() {
        return sessions.pipes.inUse();
    }

    /** Bytes that clients sent and upstreams took. */
    public long bytesIn() {
        return sessions.bytesIn();
    }

    /** Bytes that upstreams sent and clients took. */
    public long bytesOut() {
        return sessions.bytesOut();
    }

    /** New limits for sessions to come; those that run keep theirs. */
    public void limit(ListenerLimits.Tcp limits) {
        sessions.limit(limits);
    }

    /** Who gets sessions to come. */
    public void route(Routes<Split> routes) {
        sessions.route(routes);
    }

    @Override
    public Beginning beginning() {
        return sessions.beginning;
    }

    @Override
    public CompletionStage<Void> stopAccepting() {
        var closed = new CompletableFuture<Void>();
        server.close().addListener(done -> {
            sessions.close();
            closed.complete(null);
        });
        return closed;
    }

    @Override
    public CompletionStage<Void> whenEmpty() {
        var empty = new CompletableFuture<Void>();
        sessions.whenEmpty(() -> empty.complete(null));
        return empty;
    }

    @Override
    public List<String> describe() {
        return sessions.describe();
    }

    @Override
    public void abort() {
        sessions.abort();
    }
}
