package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.health.ProbeResult;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Randomness;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.transport.EpollLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** A listener on loopback, the servers behind it and who connects to it: all end with the stage. */
final class TcpStage {
    private static final int DEADLINE_MILLIS = 20_000;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ManualTime time = new ManualTime();
    final Backend backend = new Backend(
            "echo",
            BackendSettings.DEFAULT,
            null,
            time,
            time,
            Randomness.perThread(),
            (endpoint, settings, result) -> result.accept(new ProbeResult.Passed()));
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, EpollLoops.factory());
    private final boolean splices;

    /** @param splices whether the kernel may move the bytes */
    TcpStage(boolean splices) {
        this.splices = splices;
    }

    ListenerLimits.Tcp limits(Duration idle) {
        return new ListenerLimits.Tcp(1_000, idle, Duration.ofSeconds(10), splices);
    }

    TcpListener listen(ListenerLimits.Tcp limits) throws Exception {
        return listen(limits, Ticker.system());
    }

    TcpListener listen(ListenerLimits.Tcp limits, Ticker ticker) throws Exception {
        var settings = new ListenerSettings("tcp", "127.0.0.1", 0, "echo", limits);
        var listener = TcpListener.bind(
                        loops, settings, Routes.to(Split.to(backend)), ticker, new SplittableRandom(1), AccessLog.NONE)
                .toCompletableFuture()
                .get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        open.add(() -> {
            listener.abort();
            listener.stopAccepting();
            listener.whenEmpty().toCompletableFuture().get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        });
        return listener;
    }

    void awaitEnd(TcpListener listener) {
        await("the end of all sessions", () -> listener.connections() == 0);
        assertThat(backend.upstreams())
                .allSatisfy(upstream -> assertThat(upstream.inFlight()).isZero());
    }

    void serve(int... ports) {
        backend.update(new EndpointSet(Arrays.stream(ports)
                .mapToObj(port -> Endpoint.active(new EndpointId("", "127.0.0.1", port), "echo-" + port))
                .toList()));
    }

    Upstream upstream() {
        return backend.upstreams().getFirst();
    }

    Upstream upstream(int port) {
        return backend.upstreams().stream()
                .filter(upstream -> upstream.id().port() == port)
                .findFirst()
                .orElseThrow();
    }

    Socket connect(TcpListener listener) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), listener.number());
        socket.setSoTimeout(DEADLINE_MILLIS);
        open.add(socket);
        return socket;
    }

    /** A server whose connections are each given to {@code talk} and then closed; its port. */
    int server(Talk talk) throws IOException {
        var server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        open.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            talk.with(socket);
                        } catch (IOException end) {
                            // The other side has gone; what should have been seen is asserted there.
                        }
                    });
                } catch (IOException closed) {
                    return;
                }
            }
        });
        return server.getLocalPort();
    }

    static int closedPort() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return server.getLocalPort();
        }
    }

    static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    static void assertReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void close() throws Exception {
        for (var closeable : open.reversed()) {
            closeable.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    interface Talk {
        void with(Socket socket) throws IOException;
    }
}
