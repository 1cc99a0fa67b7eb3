package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.access.Entry;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.transport.EpollLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A TCP listener before servers that accept and hold what comes, all on loopback; it keeps what the access log is told. */
final class Relay implements AutoCloseable {
    static final ListenerLimits.Tcp LIMITS = new ListenerLimits.Tcp(10_000, Duration.ZERO, Duration.ofSeconds(10));

    private static final int PATIENCE_MILLIS = 20_000;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, EpollLoops.factory());
    private final ManualTime time = new ManualTime();
    private final List<ServerSocket> servers = new ArrayList<>();
    private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<Socket> clients = new ConcurrentLinkedQueue<>();
    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
    private final Backend backend;
    private final TcpListener listener;

    /** @param count of servers */
    Relay(BackendSettings settings, ListenerLimits.Tcp limits, int count) throws IOException {
        this(settings, new ListenerSettings("tcp", "127.0.0.1", 0, "feed", limits), count);
    }

    /** @param count of servers */
    Relay(BackendSettings settings, ListenerSettings listening, int count) throws IOException {
        backend =
                new Backend("feed", settings, null, time, time, new Random(20261121), (endpoint, check, result) -> {});
        for (int i = 0; i < count; i++) {
            var server = new ServerSocket(0, 4_096, InetAddress.getByName("127.0.0.1"));
            servers.add(server);
            Thread.ofVirtual().start(() -> accept(server));
        }
        backend.update(new EndpointSet(
                servers.stream().map(server -> endpoint(server.getLocalPort())).toList()));
        var log = new AccessLog() {
            @Override
            public boolean wants(boolean failed) {
                return true;
            }

            @Override
            public void ended(Entry entry) {
                entries.add(entry);
            }
        };
        listener = TcpListener.bind(loops, listening, Routes.to(Split.to(backend)), Ticker.system(), new Random(7), log)
                .toCompletableFuture()
                .join();
    }

    static Endpoint endpoint(int port) {
        return Endpoint.active(new EndpointId("", "127.0.0.1", port), "feed-" + port);
    }

    private void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                accepted.add(server.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    Backend backend() {
        return backend;
    }

    TcpListener listener() {
        return listener;
    }

    List<Upstream> upstreams() {
        return backend.upstreams();
    }

    int inFlight() {
        return backend.inFlight();
    }

    Socket client() throws IOException {
        return client("127.0.0.1");
    }

    /** @param from an address of loopback */
    Socket client(String from) throws IOException {
        var socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.bind(new InetSocketAddress(from, 0));
        try {
            socket.connect(new InetSocketAddress("127.0.0.1", listener.number()), PATIENCE_MILLIS);
        } catch (SocketException reset) {
            // who is refused may see that so early
        }
        clients.add(socket);
        return socket;
    }

    /** Resets it: a server here would go on after a FIN. */
    static void leave(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** A client whose session has its upstream. */
    Socket served() throws IOException {
        int before = accepted.size();
        var socket = client();
        await("a server to have it", () -> accepted.size() > before);
        return socket;
    }

    /** The end of a connection at a server, the latest one. */
    Socket latest() {
        Socket latest = null;
        for (var socket : accepted) {
            latest = socket;
        }
        return latest;
    }

    /** What is told of the next session that ends. */
    Entry ended() {
        await("a session to end", () -> !entries.isEmpty());
        return entries.remove();
    }

    @Override
    public void close() throws IOException {
        listener.abort();
        listener.stopAccepting();
        await("all sessions to end", () -> listener.connections() == 0);
        for (var server : servers) {
            server.close();
        }
        for (var socket : accepted) {
            socket.close();
        }
        for (var socket : clients) {
            socket.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        if (backend.inFlight() != 0) {
            throw new AssertionError(backend.inFlight() + " leases were never ended");
        }
    }
}
