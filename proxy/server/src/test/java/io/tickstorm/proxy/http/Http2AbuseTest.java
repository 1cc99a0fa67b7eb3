package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.http2.Abuse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that use HTTP/2 against its server: their connection ends, and the others are served on. */
class Http2AbuseTest {
    private static final int MORE_THAN_ALLOWED = 1500;

    /** Frames that carry nothing. */
    private enum Idle {
        PING(Frames.PING, new byte[8], 0),
        SETTINGS(Frames.SETTINGS, new byte[0], 0),
        PRIORITY(Frames.PRIORITY, new byte[] {0, 0, 0, 0, 1}, 3),
        WINDOW_UPDATE(Frames.WINDOW_UPDATE, new byte[] {0, 0, 0, 1}, 0),
        EMPTY_DATA(Frames.DATA, new byte[0], 1),
        PADDING_ONLY(Frames.DATA, new byte[] {0}, 1),
        UNKNOWN(99, new byte[0], 0);

        private final byte[] frame;

        Idle(int type, byte[] payload, int stream) {
            int padded = 8;
            frame = Frames.frame(type, payload.length == 1 ? padded : 0, stream, payload);
        }
    }

    private static byte[] many(byte[] frame, int times) {
        var all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertEnded(Frames client, Balancer balancer, Abuse abuse) throws IOException {
        assertThat(client.goAway()).isEqualTo(Frames.ENHANCE_YOUR_CALM);
        assertThat(balancer.counters().abuses(abuse)).isOne();
        try (var other = balancer.http2()) {
            assertThat(other.get(1, "/other").answer(1).status()).isEqualTo("200");
        }
    }

    @ParameterizedTest
    @EnumSource
    void framesThatCarryNothing(Idle idle) throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.request(1, false, "POST", "/");
            client.wire().send(many(idle.frame, MORE_THAN_ALLOWED));

            assertEnded(client, balancer, Abuse.IDLE_FRAMES);
        }
    }

    @Test
    void framesThatBelongToRequestsAreNotCounted() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            for (int i = 0; i < MORE_THAN_ALLOWED / 5; i++) {
                client.wire().send(many(Idle.PING.frame, 5));
                assertThat(client.get(2 * i + 1, "/").answer(2 * i + 1).body()).isEqualTo("x");
            }
        }
    }

    @Test
    void rapidResetEndsTheWorkForEachStreamAndThenTheConnection() throws IOException {
        var asked = new AtomicInteger();
        var gone = new AtomicInteger();
        try (var server = RawServer.with(connection -> {
                    var request = connection.wire().message();
                    if (request == null) {
                        return;
                    }
                    if (request.startLine().contains("other")) {
                        connection.wire().send(RawServer.ok("x"));
                        return;
                    }
                    asked.incrementAndGet();
                    connection.wire().restOrReset();
                    gone.incrementAndGet();
                });
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            for (int stream = 1; stream < 2 * 250; stream += 2) {
                client.get(stream, "/").send(Frames.RST_STREAM, 0, stream, Frames.CANCEL);
            }

            assertEnded(client, balancer, Abuse.RESETS_BY_CLIENT);
            Balancer.await("no work goes on", () -> balancer.inFlight() == 0 && gone.get() == asked.get());
        }
    }

    @Test
    void aStreamThatIsResetWhileItsBodyWaitsStopsItsWorkAtOnce() throws Exception {
        var done = new CountDownLatch(1);
        try (var server = RawServer.with(connection -> {
                    connection.wire().readUntil("\r\n\r\n");
                    await(done);
                });
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.request(1, false, "POST", "/");
            Balancer.await("it runs", () -> balancer.inFlight() == 1);
            for (int i = 0; i < 3; i++) {
                client.data(1, false, "x".repeat(16_000));
            }
            client.settled();

            client.send(Frames.RST_STREAM, 0, 1, Frames.CANCEL);

            Balancer.await(
                    "it has ended",
                    () -> balancer.inFlight() == 0 && balancer.listener().active() == 0);
            done.countDown();
        }
    }

    @Test
    void resetsThatTheClientProvokesCountToo() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            for (int stream = 1; stream < 2 * 250; stream += 2) {
                client.request(stream, false, "POST", "/").send(Frames.WINDOW_UPDATE, 0, stream, 0);
            }

            assertEnded(client, balancer, Abuse.RESETS_PROVOKED);
            Balancer.await("no work goes on", () -> balancer.inFlight() == 0);
        }
    }

    @Test
    void moreStreamsThanMayRunAreRefused() throws Exception {
        var done = new CountDownLatch(1);
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    await(done);
                });
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            int stream = 1;
            for (; stream <= 2 * 100; stream += 2) {
                client.get(stream, "/");
            }
            client.get(stream, "/");

            assertThat(client.answer(stream).reset()).isEqualTo(Frames.REFUSED_STREAM);
            assertThat(balancer.listener().active()).isEqualTo(100);
            done.countDown();
        }
    }

    @Test
    void continuationsWithoutEnd() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.send(Frames.HEADERS, 0, 1, client.packed(":method", "GET"));
            client.wire().send(many(Frames.frame(Frames.CONTINUATION, 0, 1, client.packed("a", "b")), 20));

            assertEnded(client, balancer, Abuse.HEAD);
        }
    }

    @Test
    void emptyContinuations() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.send(Frames.HEADERS, 0, 1, client.packed(":method", "GET"));
            client.wire().send(many(Frames.frame(Frames.CONTINUATION, 0, 1, new byte[0]), 20));

            assertEnded(client, balancer, Abuse.HEAD);
        }
    }

    /** RFC 7541: one field is put into the table, then named by one byte as often as a frame holds. */
    @Test
    void aHeadThatGrowsWhenItIsUnpacked() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            var head = new ByteArrayOutputStream();
            head.writeBytes(new byte[] {0x40, 1, 'a', 0x7f, (byte) 0xa1, 30}); // literal, 4000 bytes long
            head.writeBytes("b".repeat(127 + 0x21 + (30 << 7)).getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 8000; i++) {
                head.write(0x80 | 62);
            }

            client.send(Frames.HEADERS, Frames.END_HEADERS | Frames.END_STREAM, 1, head.toByteArray());

            assertEnded(client, balancer, Abuse.HEAD);
        }
    }
}
