package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How WebSockets end with the proxy: told, not cut, between frames, one after the other. */
class WebSocketDrainTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ASK =
            "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: " + KEY + "\r\n\r\n";

    private static final Duration WINDOW = Duration.ofSeconds(32);
    /** After this all have had their turn: three quarters of the window. */
    private static final Duration TURNS = Duration.ofSeconds(24);

    /** Status 1001 from a server. */
    private static final String GOING_AWAY = "\u0088\u0002\u0003\u00e9";
    /** The same from a client, whose mask is zero. */
    private static final String CLIENT_AGREES = "\u0088\u0082\0\0\0\0\u0003\u00e9";

    private static final String HELLO = "\u0081\u0005Hello";
    private static final String MASKED_HI = "\u0081\u0082\0\0\0\0Hi";

    private final BlockingQueue<Wire> switched = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void tearDown() {
        over.countDown();
    }

    /**
     * Switches; then the test speaks for it.
     *
     * @param atOnce what it says to the first, second ... client, together with its answer; to others nothing
     */
    private RawServer server(String... atOnce) {
        return RawServer.with(connection -> {
            var wire = connection.wire();
            var head = wire.readUntil("\r\n\r\n");
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: "
                    + Http2EndsTest.accept(Wire.Message.field(head, "sec-websocket-key")) + "\r\n\r\n"
                    + (connection.number() < atOnce.length ? atOnce[connection.number()] : ""));
            switched.add(wire);
            try {
                over.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private Wire serverSide() {
        try {
            var wire = switched.poll(Wire.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(wire).isNotNull();
            return wire;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Balancer before(RawServer server) {
        return Balancer.withStillTime(Balancer.LIMITS, server);
    }

    private static Wire open(Balancer balancer) throws IOException {
        var client = balancer.client();
        client.send(ASK);
        client.readUntil("\r\n\r\n");
        return client;
    }

    private static void drain(Balancer balancer) {
        balancer.listener().announceClose();
        balancer.listener().stopAccepting().toCompletableFuture().join();
        balancer.listener().part(WINDOW);
        balancer.settle(); // each has its turn now
    }

    private static String read(Wire wire, int length) throws IOException {
        return new String(wire.read(length), StandardCharsets.ISO_8859_1);
    }

    private static int available(Wire wire) {
        try {
            return wire.socket().getInputStream().available();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two whose turns tell that those of others have come, one on each event loop. */
    private record Witnesses(Wire one, Wire other) implements AutoCloseable {
        void awaitTurns(Balancer balancer) throws IOException {
            balancer.time().advance(TURNS);
            assertThat(read(one, GOING_AWAY.length())).isEqualTo(GOING_AWAY);
            assertThat(read(other, GOING_AWAY.length())).isEqualTo(GOING_AWAY);
        }

        @Override
        public void close() {
            one.close();
            other.close();
        }
    }

    private Witnesses witnesses(Balancer balancer) throws IOException {
        var one = open(balancer);
        serverSide();
        var other = open(balancer);
        serverSide();
        return new Witnesses(one, other);
    }

    @Test
    void theClientIsToldAndItsAnswerTellsTheServer() throws IOException {
        try (var server = server();
                var balancer = before(server);
                var client = open(balancer)) {
            var upstream = serverSide();
            drain(balancer);
            client.send(MASKED_HI);
            assertThat(read(upstream, MASKED_HI.length())).isEqualTo(MASKED_HI);

            balancer.time().advance(TURNS);

            assertThat(read(client, GOING_AWAY.length())).isEqualTo(GOING_AWAY);
            client.send(MASKED_HI + CLIENT_AGREES); // it sent something before it knew
            assertThat(read(upstream, MASKED_HI.length() + CLIENT_AGREES.length()))
                    .isEqualTo(MASKED_HI + CLIENT_AGREES);
            upstream.send(GOING_AWAY).close();
            assertThat(client.read()).isEqualTo(-1); // the server's Close is not the first one, and goes nowhere
            client.endOutput();
            balancer.listener().whenEmpty().toCompletableFuture().join();
        }
    }

    @Test
    void aFrameThatIsUnderWayPassesWholeAndNothingBehindIt() throws IOException {
        var begun = HELLO + HELLO.substring(0, 4);
        try (var server = server("", "", begun);
                var balancer = before(server);
                var witnesses = witnesses(balancer);
                var client = open(balancer)) {
            var upstream = serverSide();
            assertThat(read(client, begun.length())).isEqualTo(begun);
            drain(balancer);
            witnesses.awaitTurns(balancer);
            upstream.send("l");
            assertThat(client.read()).isEqualTo('l');

            upstream.send("lo" + HELLO + HELLO);

            assertThat(read(client, 2 + GOING_AWAY.length())).isEqualTo("lo" + GOING_AWAY);
            upstream.send(HELLO).close();
            assertThat(client.read()).isEqualTo(-1);
        }
    }

    @Test
    void aCloseMayStandBetweenFragments() throws IOException {
        try (var server = server("\u0001\u0003Hel");
                var balancer = before(server);
                var client = open(balancer)) {
            serverSide();
            drain(balancer);

            balancer.time().advance(TURNS);

            assertThat(read(client, 5 + GOING_AWAY.length())).isEqualTo("\u0001\u0003Hel" + GOING_AWAY);
        }
    }

    @Test
    void whenAClientDoesNotAnswerTheServerIsToldByTheProxy() throws IOException {
        try (var server = server();
                var balancer = before(server);
                var client = open(balancer)) {
            var upstream = serverSide();
            drain(balancer);
            Balancer.await("the server is told", () -> {
                balancer.time().advance(Duration.ofSeconds(1));
                return available(upstream) >= CLIENT_AGREES.length();
            });

            assertThat(read(client, GOING_AWAY.length())).isEqualTo(GOING_AWAY);
            assertMaskedGoingAway(upstream.read(CLIENT_AGREES.length()));
            client.send(MASKED_HI); // too late
            upstream.send(GOING_AWAY).endOutput();
            assertThat(client.read()).isEqualTo(-1);
            client.endOutput();
            assertThat(upstream.read()).isEqualTo(-1);
        }
    }

    private static void assertMaskedGoingAway(byte[] frame) {
        assertThat(frame[0]).isEqualTo((byte) 0x88);
        assertThat(frame[1]).isEqualTo((byte) 0x82);
        assertThat((frame[6] ^ frame[2]) & 0xff).isEqualTo(1001 >> 8);
        assertThat((frame[7] ^ frame[3]) & 0xff).isEqualTo(1001 & 0xff);
    }

    @Test
    void whenAClientLeavesWithoutAnAnswerTheServerIsToldByTheProxy() throws IOException {
        try (var server = server();
                var balancer = before(server);
                var client = open(balancer)) {
            var upstream = serverSide();
            drain(balancer);
            balancer.time().advance(TURNS);
            assertThat(read(client, GOING_AWAY.length())).isEqualTo(GOING_AWAY);

            client.endOutput();

            assertMaskedGoingAway(upstream.read(CLIENT_AGREES.length()));
            assertThat(upstream.read()).isEqualTo(-1);
        }
    }

    @Test
    void clientsAreToldOneAfterTheOther() throws IOException {
        int all = 24;
        var clients = new ArrayList<Wire>();
        try (var server = server();
                var balancer = before(server)) {
            for (int i = 0; i < all; i++) {
                clients.add(open(balancer));
            }
            drain(balancer);

            for (int second = 1; second <= TURNS.toSeconds(); second++) {
                balancer.time().advance(Duration.ofSeconds(1));
                int due = second;
                Balancer.await("those whose turn it is", () -> told(clients) >= due - 3);
                assertThat(told(clients)).isLessThanOrEqualTo(second + 3);
            }
            Balancer.await("all", () -> told(clients) == all);
        } finally {
            clients.forEach(Wire::close);
        }
    }

    private static int told(List<Wire> clients) {
        return (int) clients.stream()
                .filter(client -> available(client) == GOING_AWAY.length())
                .count();
    }

    @Test
    void oneThatBeginsWhileOthersPartHasItsTurnToo() throws IOException {
        try (var server = server();
                var balancer = before(server);
                var client = balancer.client()) {
            client.send("GET /ws HTTP/1.1\r\n");
            Balancer.await("it has come", () -> balancer.counters().bytesIn() > 0);
            drain(balancer);

            client.send(ASK.substring(ASK.indexOf("Host")));
            client.readUntil("\r\n\r\n");
            balancer.time().advance(TURNS);

            assertThat(read(client, GOING_AWAY.length())).isEqualTo(GOING_AWAY);
        }
    }

    @Test
    void whoClosesAlreadyIsLeftAlone() throws IOException {
        var bye = "\u0088\u0002\u0003\u00e8"; // 1000
        try (var server = server("", "", bye);
                var balancer = before(server);
                var witnesses = witnesses(balancer);
                var client = open(balancer)) {
            var upstream = serverSide();
            assertThat(read(client, bye.length())).isEqualTo(bye);
            drain(balancer);
            witnesses.awaitTurns(balancer);

            upstream.close();

            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void whatAreNoFramesIsLeftAloneAndNamedBeforeItIsCut() throws IOException {
        try (var server = server("", "", "first");
                var balancer = before(server);
                var witnesses = witnesses(balancer);
                var client = open(balancer)) {
            var upstream = serverSide();
            assertThat(read(client, 5)).isEqualTo("first");
            drain(balancer);
            witnesses.awaitTurns(balancer);

            upstream.send("second");
            assertThat(read(client, 6)).isEqualTo("second");
            assertThat(balancer.listener().describe())
                    .hasSize(3)
                    .allMatch(line -> line.matches("http: WebSocket of 127.0.0.1 -> backend-.*, 24 s"));
            balancer.listener().abort();

            assertThat(client.restOrReset()).isIn("", "+RESET");
        }
    }

    @Test
    void aWebSocketOfHttp2IsToldOnItsStream() throws IOException {
        try (var server = server();
                var balancer = before(server);
                var client = balancer.http2()) {
            Http2EndsTest.webSocket(client);
            assertThat(client.unpacked(client.next(Frames.HEADERS)).status()).hasToString("200");
            var upstream = serverSide();
            drain(balancer);
            balancer.time().advance(TURNS);
            assertThat(client.next(Frames.DATA).payload()).isEqualTo(GOING_AWAY.getBytes(StandardCharsets.ISO_8859_1));

            client.data(1, false, CLIENT_AGREES);

            assertThat(read(upstream, CLIENT_AGREES.length())).isEqualTo(CLIENT_AGREES);
            upstream.send(GOING_AWAY).close();
            var last = client.next(Frames.DATA);
            assertThat(last.payload()).isEmpty();
            assertThat(last.has(Frames.END_STREAM)).isTrue();
        }
    }
}
