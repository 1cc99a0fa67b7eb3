package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.listener.Http2Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How connections of HTTP/2 end: clients are told, and what runs is finished. */
class Http2EndsTest {
    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDrainTellsTheClientTwiceAndFinishesWhatRuns() throws Exception {
        var release = new CountDownLatch(1);
        try (var server = RawServer.answering(request -> {
                    await(release);
                    return ok("x");
                });
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.get(1, "/");
            Balancer.await("it runs", () -> balancer.listener().active() == 1);

            balancer.listener().announceClose();
            assertThat(client.lastServed()).isEqualTo(Integer.MAX_VALUE);
            client.get(3, "/under-way");
            Balancer.await("it is taken", () -> balancer.listener().active() == 2);
            balancer.listener().stopAccepting().toCompletableFuture().join();

            assertThat(client.lastServed()).isEqualTo(3);
            release.countDown();
            assertThat(client.answer(1).whole()).isTrue();
            balancer.listener().whenEmpty().toCompletableFuture().join();
        }
    }

    @Test
    void aClientThatComesInTheDrainDelayIsServedAndToldToConnectAnew() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server)) {
            balancer.listener().announceClose();

            try (var late = balancer.http2()) {
                late.get(1, "/");
                assertThat(late.lastServed()).isEqualTo(Integer.MAX_VALUE);
                assertThat(late.answer(1).body()).isEqualTo("x");
            }
        }
    }

    @Test
    void aClientThatAcknowledgesIsToldTheLastStreamAndClosedBehindIt() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.get(1, "/").answer(1);

            balancer.listener().announceClose();
            var ping = client.next(Frames.PING);
            client.send(Frames.PING, Frames.ACK, 0, ping.payload());

            assertThat(client.lastServed()).isOne();
            assertThat(client.next()).isNull();
        }
    }

    @Test
    void afterSoManyStreamsTheClientIsAskedToConnectAnew() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server)) {
            var usual = Http2Settings.DEFAULT;
            balancer.listener()
                    .change(new Http2Settings(
                            true,
                            usual.maxConcurrentStreams(),
                            usual.streamWindow(),
                            usual.connectionWindow(),
                            2,
                            usual.maxResets(),
                            usual.maxIdleFrames()));
            try (var client = balancer.http2()) {
                client.get(1, "/").answer(1);
                client.get(3, "/");

                assertThat(client.lastServed()).isEqualTo(Integer.MAX_VALUE);
                assertThat(client.answer(3).body()).isEqualTo("x");
            }
        }
    }

    @Test
    void anIdleConnectionIsClosedWithoutAnError() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.withStillTime(Balancer.LIMITS, server);
                var client = balancer.http2()) {
            client.get(1, "/").answer(1);
            Balancer.await("it is closed", () -> {
                balancer.time().advance(Duration.ofSeconds(5));
                return balancer.listener().connections() == 0;
            });

            assertThat(client.goAway()).isEqualTo(Frames.NO_ERROR);
        }
    }

    @Test
    void aHeadThatDoesNotBecomeWholeEndsTheConnectionInItsTime() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.withStillTime(Balancer.LIMITS, server);
                var client = balancer.http2()) {
            client.settled();
            client.send(Frames.HEADERS, 0, 1, client.packed(":method", "GET"));
            Balancer.await("it is read", () -> {
                balancer.time().advance(Duration.ofSeconds(1));
                return balancer.counters().timeouts() == 1;
            });

            assertThat(client.goAway()).isEqualTo(Frames.NO_ERROR);
        }
    }

    @Test
    void whatIsCutOffIsReset() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
                    connection.wire().read();
                });
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.get(1, "/");
            client.next(Frames.DATA);

            balancer.listener().abort();

            assertThat(client.answer(1).whole()).isFalse();
        }
    }

    @Test
    void anAnswerCutAtAnyByteNeverLooksWhole() throws IOException {
        var whole = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        try (var server = RawServer.with(connection -> {
                    var path = connection.wire().message().startLine().split(" ")[1];
                    connection.wire().send(whole.substring(0, Integer.parseInt(path.substring(1))));
                });
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            for (int cut = 1; cut < whole.length(); cut++) {
                int stream = 2 * cut - 1;
                var answer = client.request(stream, true, "PUT", "/" + cut).answer(stream);

                assertThat(answer.whole() && answer.status().equals("200"))
                        .as("cut at %d", cut)
                        .isFalse();
            }
        }
    }

    @Test
    void aWebSocketIsAStreamOfBothDirections() throws IOException {
        try (var server = RawServer.with(connection -> {
                    var wire = connection.wire();
                    var head = wire.readUntil("\r\n\r\n");
                    var key = Wire.Message.field(head, "sec-websocket-key");
                    wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\nfirst");
                    for (int b = wire.read(); b >= 0; b = wire.read()) {
                        wire.send(new byte[] {(byte) b});
                    }
                    wire.send("farewell");
                });
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            webSocket(client);
            assertThat(client.unpacked(client.next(Frames.HEADERS)).status()).hasToString("200");

            client.data(1, true, "GET / HTTP/1.1\r\n");

            var text = new StringBuilder();
            for (var frame = client.next(Frames.DATA); ; frame = client.next(Frames.DATA)) {
                text.append(new String(frame.payload()));
                if (frame.has(Frames.END_STREAM)) {
                    break;
                }
            }
            assertThat(text).hasToString("firstGET / HTTP/1.1\r\nfarewell");
            Balancer.await("the lease ends", () -> balancer.inFlight() == 0);
        }
    }

    static void webSocket(Frames client) {
        client.headers(
                1,
                false,
                ":method",
                "CONNECT",
                ":protocol",
                "websocket",
                ":scheme",
                "http",
                ":path",
                "/ws",
                ":authority",
                "a",
                "sec-websocket-version",
                "13");
    }

    @Test
    void aWebSocketThatIsRefusedIsAnsweredWithAllThatTheServerSays() throws IOException {
        try (var server = RawServer.answering(request -> "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "2\r\nno\r\n0\r\nX-Sum: 7\r\n\r\n");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            webSocket(client);

            var answer = client.answer(1);

            assertThat(answer.status()).isEqualTo("403");
            assertThat(answer.body()).isEqualTo("no");
            assertThat(answer.trailers()).hasToString("DefaultHttp2Headers[x-sum: 7]");
            assertThat(answer.whole()).isTrue();
        }
    }

    /** What a server proves with that it speaks WebSocket: RFC 6455 section 4.2.2. */
    static String accept(String key) {
        try {
            var hash = java.security.MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes());
            return java.util.Base64.getEncoder().encodeToString(hash);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
