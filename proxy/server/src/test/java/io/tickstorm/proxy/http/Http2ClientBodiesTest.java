package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of clients of HTTP/2: unchanged, at the pace of the slower side, part by part, in bounded memory. */
class Http2ClientBodiesTest {
    private static final long SIZE = 64 * 1024 * 1024;
    private static final int PIECE = 1 << 16;
    private static final long SEED = 20261121;
    private static final int STREAMS = 20;

    /** What the balancer may hold for them: write marks and reads of each stream, several times over. */
    private static final long MEMORY = 16 * 1024 * 1024;

    @Test
    void largeBodiesPassBothWaysUnchangedToAServerOfHttp1() throws IOException {
        try (var server = RawServer.with(connection -> echo(connection.wire()));
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            assertEchoed(client);
        }
    }

    private static void echo(Wire wire) throws IOException {
        wire.readUntil("\r\n\r\n");
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
        for (long left = SIZE; left > 0; left -= PIECE) {
            wire.send(wire.read(PIECE));
        }
        wire.read();
    }

    @Test
    void largeBodiesPassBothWaysUnchangedToAServerOfHttp2() throws IOException {
        try (var server = StreamServer.handling(Http2Settings.defaultSettings(), EchoStream::new);
                var balancer = Http2UpstreamTest.before(server);
                var client = balancer.http2()) {
            assertEchoed(client);
        }
    }

    private static void assertEchoed(Frames client) throws IOException {
        client.request(1, false, "POST", "/", "content-length", Long.toString(SIZE));

        var transfer = new Transfer(client, 1, SIZE, SEED).run();

        assertThat(transfer.received()).isEqualTo(SIZE);
        assertThat(transfer.hashOfReceived()).isEqualTo(transfer.hashOfSent());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void clientsThatMakeNoRoomHoldLittleAndAreCutOffStreamByStream(int window) throws IOException {
        var poured = new AtomicLong();
        try (var server = RawServer.with(connection -> pour(connection.wire(), poured));
                var balancer = Balancer.withStillTime(Balancer.LIMITS, server);
                var client = balancer.http2()) {
            long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
            client.send(Frames.SETTINGS, 0, 0, initialWindow(window));
            for (int number = 0; number < STREAMS; number++) {
                client.get(2 * number + 1, "/");
            }
            Balancer.awaitStandstill("the server", poured);

            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
                    .as("memory of the allocator")
                    .isLessThan(MEMORY);
            assertThat(balancer.inFlight()).isEqualTo(STREAMS);

            Balancer.await("all are cut off", () -> {
                balancer.time().advance(Duration.ofSeconds(10));
                return balancer.inFlight() == 0;
            });
            assertThat(balancer.counters().timeouts()).isEqualTo(STREAMS);
            var resets = new HashMap<Integer, Integer>();
            while (resets.size() < STREAMS) {
                var reset = client.next(Frames.RST_STREAM);
                resets.put(reset.stream(), reset.number(0));
            }
            assertThat(resets.values()).containsOnly(Frames.INTERNAL_ERROR);
        }
    }

    private static byte[] initialWindow(int bytes) {
        return ByteBuffer.allocate(6).putShort((short) 4).putInt(bytes).array();
    }

    /** Sends without end. */
    private static void pour(Wire wire, AtomicLong poured) throws IOException {
        wire.readUntil("\r\n\r\n");
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        var chunk = ByteBuffer.allocate(PIECE + 9)
                .put("10000\r\n".getBytes(StandardCharsets.US_ASCII))
                .position(PIECE + 7)
                .put("\r\n".getBytes(StandardCharsets.US_ASCII))
                .array();
        while (true) {
            wire.send(chunk);
            poured.addAndGet(PIECE);
        }
    }

    @Test
    void eventsOfAServerOfHttp1ArriveWhenTheyAreSent() throws Exception {
        var asked = new CompletableFuture<Wire>();
        try (var server = RawServer.with(connection -> {
                    connection.wire().readUntil("\r\n\r\n");
                    asked.complete(connection.wire());
                    connection.wire().read();
                });
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.get(1, "/");
            var events = asked.get();
            events.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int number = 0; number < 5; number++) {
                var event = "data: " + number + "\n\n";
                events.send("9\r\n" + event + "\r\n");

                assertThat(client.next(Frames.DATA).payload()).asString().isEqualTo(event);
            }
            events.send("0\r\n\r\n");
            assertThat(client.next(Frames.DATA).has(Frames.END_STREAM)).isTrue();
        }
    }

    @Test
    void eventsOfAServerOfHttp2ArriveWhenTheyAreSent() throws IOException {
        try (var server = StreamServer.with(request -> {});
                var balancer = Http2UpstreamTest.before(server);
                var client = balancer.http2()) {
            client.get(1, "/");
            Balancer.await("it is asked", () -> !server.requests().isEmpty());
            var events =
                    server.lastRequest().headers(StreamServer.ok().add("content-type", "text/event-stream"), false);
            for (int number = 0; number < 5; number++) {
                var event = "data: " + number + "\n\n";
                events.data(event, false);

                assertThat(client.next(Frames.DATA).payload()).asString().isEqualTo(event);
            }
            events.data("", true);
            assertThat(client.next(Frames.DATA).has(Frames.END_STREAM)).isTrue();
        }
    }
}
