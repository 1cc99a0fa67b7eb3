package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.FrameWire.END_HEADERS;
import static io.tickstorm.proxy.http.FrameWire.END_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Settings;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointSet;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Shared connections: when they end, how a dead one is found, and what they carry beside requests. */
class Http2ConnectionsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String WEBSOCKET =
            "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    @Test
    void aServerThatLeavesFinishesWhatItHas() throws Exception {
        var answers = new CompletableFuture<Void>();
        var began = new CompletableFuture<Void>();
        try (var server = StreamServer.with(stream -> {
                    answers.thenRun(() -> stream.channel().eventLoop().execute(() -> stream.answer("late")));
                    began.complete(null);
                });
                var other = StreamServer.saying("other");
                var balancer = Http2UpstreamTest.before(server);
                var client = balancer.client()) {
            client.send(GET);
            began.join();

            balancer.backend().update(new EndpointSet(List.of(draining(server.endpoint()), other.endpoint())));
            try (var second = balancer.client()) {
                second.send(GET);
                assertThat(second.message().body()).isEqualTo("other");
            }
            assertThat(server.open()).isEqualTo(1);
            answers.complete(null);

            assertThat(client.message().body()).isEqualTo("late");
            Balancer.await("its connection is closed", () -> server.open() == 0);
        }
    }

    private static Endpoint draining(Endpoint endpoint) {
        return new Endpoint(
                endpoint.id(),
                endpoint.name(),
                endpoint.zone(),
                endpoint.weight(),
                Condition.DRAINING,
                endpoint.node(),
                endpoint.hintedZones());
    }

    @Test
    void aDeadServerIsFoundByPing() throws IOException {
        var asked = new CompletableFuture<Void>();
        var pinged = new CompletableFuture<Void>();
        try (var dead = RawServer.with(connection -> {
                    var wire = FrameWire.accept(connection.wire());
                    wire.await(FrameWire.HEADERS);
                    asked.complete(null);
                    wire.await(FrameWire.PING);
                    pinged.complete(null);
                    connection.wire().rest();
                });
                var balancer = Balancer.with("{protocol: HTTP2, retries: {attempts: 0}}")
                        .standingStill()
                        .before(dead);
                var client = balancer.client()) {
            client.send(GET);
            asked.join();

            Balancer.await("it is asked whether it is there", () -> {
                balancer.time().advance(Duration.ofMillis(100));
                return pinged.isDone();
            });
            Balancer.await("it is given up", () -> {
                balancer.time().advance(Duration.ofMillis(100));
                return dead.open() == 0;
            });

            assertThat(client.message().status()).isEqualTo(502);
        }
    }

    @Test
    void aServerThatAnswersPingIsWaitedFor() throws IOException {
        var asked = new CompletableFuture<Void>();
        var pinged = new CompletableFuture<Void>();
        var answers = new CompletableFuture<Void>();
        try (var slow = RawServer.with(connection -> {
                    var wire = FrameWire.accept(connection.wire());
                    int stream = wire.await(FrameWire.HEADERS).stream();
                    asked.complete(null);
                    var ping = wire.await(FrameWire.PING);
                    pinged.complete(null);
                    wire.send(FrameWire.frame(FrameWire.PING, FrameWire.ACK, 0, ping.payload()));
                    answers.join();
                    wire.send(
                            FrameWire.frame(FrameWire.HEADERS, END_HEADERS | END_STREAM, stream, FrameWire.STATUS_200));
                    connection.wire().rest();
                });
                var balancer =
                        Balancer.with("{protocol: HTTP2}").standingStill().before(slow);
                var client = balancer.client()) {
            client.send(GET);
            asked.join();
            Balancer.await("it is asked whether it is there", () -> {
                balancer.time().advance(Duration.ofMillis(100));
                return pinged.isDone();
            });
            balancer.time().advance(Duration.ofSeconds(15)); // by far the last moment to answer the PING
            answers.complete(null);

            assertThat(client.message().status()).isEqualTo(200);
        }
    }

    @Test
    void webSocketsPassAsExtendedConnect() throws IOException {
        try (var server = StreamServer.handling(
                        Http2Settings.defaultSettings().connectProtocolEnabled(true), EchoStream::new);
                var balancer = Http2UpstreamTest.before(server);
                var client = balancer.client()) {
            client.send(WEBSOCKET);

            // the hash of RFC 6455 section 1.3
            assertThat(client.readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("connection: upgrade\r\nupgrade: websocket\r\n")
                    .contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
            client.send("\0bytes");
            assertThat(new String(client.read(6))).isEqualTo("\0bytes");
            client.endOutput();
            assertThat(client.rest()).isEmpty();
            Balancer.await("the lease ends", () -> balancer.inFlight() == 0);
        }
    }

    @Test
    void aServerWithoutExtendedConnectTakesNoWebSockets() throws IOException {
        try (var server = StreamServer.saying("x");
                var balancer = Http2UpstreamTest.before(server);
                var client = balancer.client()) {
            client.send(WEBSOCKET);

            var answer = client.message();

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("takes no WebSockets");
            assertThat(server.requests()).isEmpty();
        }
    }
}
