package io.tickstorm.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.tickstorm.proxy.admission.AcceptRate;
import io.tickstorm.proxy.admission.Client;
import io.tickstorm.proxy.admission.ClientLimits;
import io.tickstorm.proxy.admission.ConnectionLimit;
import io.tickstorm.proxy.admission.Parting;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.listener.CompressionSettings;
import io.tickstorm.proxy.listener.ForwardedSettings;
import io.tickstorm.proxy.listener.Http2Settings;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.proxyprotocol.Addresses;
import io.tickstorm.proxy.proxyprotocol.ProxyProtocolReader;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.tls.ServerTls;
import io.tickstorm.proxy.transport.Beginning;
import io.tickstorm.proxy.transport.Port;
import io.tickstorm.proxy.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A port on which HTTP comes in; {@link #change} on the control thread. Once a close is announced, every answer carries {@code Connection: close} and clients of HTTP/2 get a
 * GOAWAY; idle connections stay open until the port is closed. Clients of WebSockets are told to go (1001). Cut off, connections are reset.
 */
public final class HttpListener implements Port {
    private final Listening listening;
    private final Map<EventLoop, Worker> workers = new ConcurrentHashMap<>();
    private final Set<Accepted> open = ConcurrentHashMap.newKeySet();
    private final Set<Backend> followed = ConcurrentHashMap.newKeySet();
    private final Entrance entrance;
    private final CompletableFuture<Channel> server = new CompletableFuture<>();

    private HttpListener(Listening listening, AcceptRate accepting) {
        this.listening = listening;
        this.entrance = new Entrance(
                accepting,
                new ConnectionLimit(listening.limits().maxConnections()),
                listening.clients(),
                listening.gate());
    }

    /** Listens in plain. */
    public static CompletionStage<HttpListener> bind(
            Surroundings surroundings, ListenerSettings settings, Routes<Split> routes) {
        return bind(surroundings, settings, ServerTls.none(settings.name()), routes);
    }

    /**
     * Listens.
     *
     * @param settings of protocol HTTP
     * @param tls what new connections begin with; whoever made it changes and closes it
     * @return fails if the address cannot be bound
     */
    public static CompletionStage<HttpListener> bind(
            Surroundings surroundings, ListenerSettings settings, ServerTls tls, Routes<Split> routes) {
        if (!(settings.limits() instanceof ListenerLimits.Http limits)) {
            throw new IllegalArgumentException(settings.name() + ": " + settings.protocol() + " (expected: HTTP)");
        }
        var http2 = settings.http2() == null ? Http2Settings.DEFAULT : settings.http2();
        var clients = new ClientLimits(settings.clients(), surroundings.ticker(), surroundings.random());
        var accepting = new AcceptRate(settings.accepting(), surroundings.ticker());
        var listener = new HttpListener(
                new Listening(
                        settings.name(),
                        surroundings,
                        limits,
                        new Beginning(settings.keepAlive(), settings.proxyProtocol()),
                        http2,
                        clients,
                        settings.forwarded(),
                        tls,
                        routes),
                accepting);
        listener.compression(settings.compression());
        listener.follow(routes);
        return listener.bind(new InetSocketAddress(settings.address(), settings.port()));
    }

    private CompletionStage<HttpListener> bind(InetSocketAddress address) {
        listening
                .transport()
                .listener(listening.surroundings().loops())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        accept(client);
                    }
                })
                .bind(address)
                .addListener((ChannelFuture bound) -> {
                    if (bound.isSuccess()) {
                        server.complete(bound.channel());
                    } else {
                        server.completeExceptionally(bound.cause());
                    }
                });
        return server.thenApply(bound -> this);
    }

    private void accept(SocketChannel channel) {
        var remote = channel.remoteAddress();
        if (remote == null || channel.localAddress() == null) {
            channel.close();
            return;
        }
        var beginning = listening.beginning();
        Transport.watch(channel, beginning.keepAlive());
        var header = beginning.proxyProtocol();
        if (header == null) {
            // Who it is from comes first, so that a client that is over its limits takes nothing from the others.
            var from = meet(channel);
            var accepted = from == null ? null : enter(channel);
            if (from != null && accepted != null) {
                speak(accepted, from);
            }
            return;
        }
        var accepted = enter(channel);
        if (accepted != null) {
            ProxyProtocolReader.begin(
                    channel, header, () -> identified(accepted), fault -> listening.refused(remote, fault));
        }
    }

    private void identified(Accepted accepted) {
        var from = meet(accepted.channel());
        if (from != null) {
            speak(accepted, from);
        }
    }

    /** Whose connection it is; null if that client may not have one more. */
    private @Nullable Client meet(SocketChannel channel) {
        var from = Client.of(Addresses.source(channel).getAddress());
        if (!entrance.meet(from)) {
            channel.close();
            return null;
        }
        channel.closeFuture().addListener(closed -> entrance.left(from));
        return from;
    }

    /** Null if there is no place for it. */
    private @Nullable Accepted enter(SocketChannel channel) {
        if (!entrance.enter()) {
            channel.close();
            return null;
        }
        var accepted = new Accepted(channel);
        open.add(accepted);
        channel.closeFuture().addListener(closed -> {
            open.remove(accepted);
            entrance.leave();
        });
        return accepted;
    }

    /** What comes after a PROXY header, in the order of the bytes: a TLS handshake, then what is spoken. */
    private void speak(Accepted accepted, Client from) {
        var channel = accepted.channel();
        boolean secured = listening.tls().install(channel.pipeline());
        channel.pipeline().addLast(new ProtocolChoice(worker(channel.eventLoop()), accepted, from, secured));
    }

    private Worker worker(EventLoop loop) {
        return workers.computeIfAbsent(loop, key -> new Worker(listening, key));
    }

    private void follow(Routes<Split> routes) {
        routes.targets().flatMap(split -> split.backends().stream()).forEach(this::follow);
    }

    private void follow(Backend backend) {
        if (followed.add(backend)) {
            backend.onRemoved(this::drop);
            backend.onSilent(this::silent);
        }
    }

    private void drop(Upstream upstream) {
        workers.forEach((loop, worker) -> loop.execute(() -> worker.pool().drop(upstream)));
    }

    /** Rare, so each loop looks through all connections; no list for each upstream has to be kept for it. */
    private void silent(Upstream upstream) {
        for (var loop : workers.keySet()) {
            loop.execute(() -> open.forEach(accepted -> {
                if (accepted.loop() == loop) {
                    accepted.silent(upstream);
                }
            }));
        }
    }

    @Override
    public int number() {
        return ((InetSocketAddress) server.join().localAddress()).getPort();
    }

    @Override
    public int connections() {
        return entrance.connections().open();
    }

    @Override
    public long accepted() {
        return entrance.connections().accepted();
    }

    @Override
    public long refused() {
        return entrance.connections().refused();
    }

    @Override
    public AcceptRate accepting() {
        return entrance.accepting();
    }

    @Override
    public ClientLimits clients() {
        return listening.clients();
    }

    @Override
    public Beginning beginning() {
        return listening.beginning();
    }

    /** Requests that run now, WebSockets included. */
    public int active() {
        return (int) open.stream().flatMap(Accepted::progress).count();
    }

    public HttpCounters counters() {
        return listening.counters();
    }

    /** New limits and other routes, for requests to come; and others who are believed, on connections to come. */
    public void change(ListenerLimits.Http limits, ForwardedSettings forwarded, Routes<Split> routes) {
        follow(routes);
        entrance.connections().limit(limits.maxConnections());
        listening.change(limits, forwarded, routes);
    }

    /** What answers are sent in gzip, from the next request on; null = none. */
    public void compression(@Nullable CompressionSettings changed) {
        listening.compression(changed);
    }

    /** Other settings of HTTP/2, for connections to come. */
    public void change(Http2Settings http2) {
        listening.http2(http2);
    }

    @Override
    public void announceClose() {
        listening.gate().beginDrain();
        open.forEach(accepted -> accepted.loop().execute(accepted::announceClose));
    }

    @Override
    public CompletionStage<Void> stopAccepting() {
        var closed = new CompletableFuture<Void>();
        server.join().close().addListener(done -> {
            listening.gate().close();
            closeIdle();
            closed.complete(null);
        });
        return closed;
    }

    @Override
    public void part(Duration window) {
        var surroundings = listening.surroundings();
        var parting = new Parting(window, surroundings.ticker(), surroundings.random());
        listening.parting(parting);
        open.forEach(accepted -> accepted.loop().execute(() -> accepted.part(parting)));
    }

    /** Closes connections on which nothing runs. Each loop first takes in what has already reached it. */
    public void closeIdle() {
        open.forEach(accepted -> accepted.loop().execute(accepted::closeIfIdle));
    }

    @Override
    public CompletionStage<Void> whenEmpty() {
        var empty = new CompletableFuture<Void>();
        listening.gate().whenEmpty(() -> empty.complete(null));
        return empty;
    }

    @Override
    public List<String> describe() {
        return open.stream()
                .flatMap(Accepted::progress)
                .map(progress -> listening.name() + ": " + progress)
                .toList();
    }

    @Override
    public void abort() {
        open.forEach(accepted -> accepted.loop().execute(accepted::abort));
    }
}
