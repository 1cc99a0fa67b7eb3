package io.tickstorm.proxy.discovery;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.tickstorm.proxy.Proxy;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.transport.EpollLoops;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the data path meets is news for discovery. */
class RefusedEndpointTest {
    private static final String SERVICE = "_tcp._tcp.web.example.";
    private static final int AN_HOUR = 3_600;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollLoops.factory());
    private final TestNameServer names = new TestNameServer(loops);
    private final Vertx vertx =
            Vertx.builder().withTransport(EpollLoops.transport()).build();

    @AfterEach
    void tearDown() {
        names.close();
        vertx.close().await();
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void aNameIsAskedForLongBeforeItsRecordsExpireWhenItsEndpointRefuses() throws Exception {
        names.addresses("web.example.", AN_HOUR, "127.0.0.1");
        names.service(SERVICE, AN_HOUR, 0, 1, portThatRefuses(), "web.example");
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> greet(server));
            var proxy = Proxy.start(vertx, config()).await();
            await("the first set", () -> state(proxy).contains("web.example:"));

            names.forget(SERVICE);
            names.service(SERVICE, AN_HOUR, 0, 1, server.getLocalPort(), "web.example");

            await("the endpoint that listens", () -> greeting(proxy.ports().get("tcp")) == '!');
            assertThat(read("http://127.0.0.1:" + proxy.metricsPort() + "/metrics")
                            .lines())
                    .contains("tick_storm_discovery_relists_total{backend=\"web\",reason=\"unreachable\"} 1.0");
            proxy.close().await();
        }
    }

    private ProxyConfig config() {
        var read = ProxyConfig.read("""
                listeners: [{name: tcp, protocol: TCP, port: 0, backend: web}]
                backends:
                  - name: web
                    discovery: {dns: {name: %s, type: SRV, maxTtl: 1h, resolvers: ["127.0.0.1:%d"]}}
                health: {port: 0}
                admin: {port: 0}
                metrics: {port: 0}
                """.formatted(SERVICE, names.address().getPort()), "test");
        if (read instanceof ConfigResult.Valid(var config)) {
            return config;
        }
        throw new AssertionError(read);
    }

    private static int portThatRefuses() throws IOException {
        try (var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void greet(ServerSocket server) {
        try {
            while (true) {
                try (var client = server.accept()) {
                    client.getOutputStream().write('!');
                }
            }
        } catch (IOException closed) {
            // by the end of the test
        }
    }

    /** The first byte that comes, or -1 if the connection ends without one. */
    private static int greeting(int port) {
        try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return client.getInputStream().read();
        } catch (IOException reset) {
            return -1;
        }
    }

    private static String state(Proxy proxy) {
        return read("http://127.0.0.1:" + proxy.adminPort() + "/state");
    }

    private static String read(String url) {
        try (var body = URI.create(url).toURL().openStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
