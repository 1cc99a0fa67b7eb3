package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.access.Entry;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.access.Try;
import io.tickstorm.proxy.endpoint.FailureKind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the access log is told of a request, for each way in which one can end. */
class AccessTest {
    private static final String GET = "GET /cart?token=secret HTTP/1.1\r\nHost: shop\r\nX-Request-Id: id-7\r\n\r\n";
    private static final String NOTHING = "{}";

    private final Kept log = new Kept();
    private final AtomicInteger held = new AtomicInteger();

    /** Wants all. */
    private static final class Kept implements AccessLog {
        final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();

        @Override
        public boolean wants(boolean failed) {
            return true;
        }

        @Override
        public void ended(Entry entry) {
            entries.add(entry);
        }
    }

    @Test
    void whatWasAskedAndWhoAnswered() throws Exception {
        try (var server = RawServer.saying("served");
                var balancer = Balancer.with(NOTHING).tells(log).before(server);
                var client = balancer.client()) {
            client.send(GET);
            client.message();
            var entry = next();

            assertThat(entry.listener()).isEqualTo("http");
            assertThat(entry.backend()).isEqualTo("web");
            assertThat(entry.client()).isEqualTo("127.0.0.1:" + client.socket().getLocalPort());
            assertThat(entry.request()).isEqualTo(new Entry.Request("id-7", "GET", "shop", "/cart"));
            assertThat(entry.version()).isEqualTo("HTTP/1.1");
            assertThat(entry.status()).isEqualTo(200);
            assertThat(entry.bytesOut()).isPositive();
            assertThat(entry.termination()).isEqualTo(Termination.COMPLETE);
            assertThat(entry.tries()).hasSize(1);
            var attempt = entry.tries().getFirst();
            assertThat(attempt.address()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(attempt.status()).isEqualTo(200);
            assertThat(attempt.failure()).isNull();
            assertThat(attempt.reused()).isFalse();
            assertThat(attempt.connectNanos()).isBetween(0L, attempt.firstByteNanos());
            assertThat(attempt.endNanos()).isBetween(attempt.firstByteNanos(), entry.totalNanos());

            client.send(GET);
            client.message();
            assertThat(next().tries().getFirst().reused()).isTrue();
        }
    }

    @Test
    void theVersionIsTheClients() throws Exception {
        try (var server = RawServer.saying("served");
                var balancer = Balancer.with(NOTHING).tells(log).before(server);
                var old = balancer.client();
                var wrong = balancer.client();
                var client = balancer.http2()) {
            old.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(next().version()).isEqualTo("HTTP/1.0");
            wrong.send("GET / HTTP/1.1\r\n\r\n");
            assertThat(next().version()).isEqualTo("HTTP/1.1");
            client.get(1, "/");
            assertThat(next().version()).isEqualTo("HTTP/2");
            client.request(3, true, "TRACE", "/");
            assertThat(next().version()).isEqualTo("HTTP/2");
        }
    }

    @Test
    void bytesOfBodiesThatCame() throws Exception {
        try (var server = RawServer.saying("served");
                var balancer = Balancer.with(NOTHING).tells(log).before(server);
                var client = balancer.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            client.message();

            assertThat(next().bytesIn()).isEqualTo(5);
        }
    }

    @Test
    void everyAttempt() throws Exception {
        try (var closing = RawServer.with(connection -> connection.wire().message());
                var server = RawServer.saying("served");
                var balancer = Balancer.with(NOTHING).tells(log).before(closing, server);
                var client = balancer.client()) {
            Entry entry;
            do {
                client.send(GET);
                client.message();
                entry = next();
            } while (entry.tries().size() < 2);

            assertThat(entry.termination()).isEqualTo(Termination.COMPLETE);
            assertThat(entry.tries()).extracting(Try::failure).containsExactly(FailureKind.CLOSED_EARLY, null);
            assertThat(entry.tries())
                    .extracting(Try::address)
                    .containsExactly("127.0.0.1:" + closing.port(), "127.0.0.1:" + server.port());
            assertThat(entry.tries().getFirst().firstByteNanos()).isEqualTo(Try.NEVER);
        }
    }

    @Test
    void anAnswerThatWasNotGoodEnough() throws Exception {
        try (var failing = RawServer.answering(request -> "HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n");
                var server = RawServer.saying("served");
                var balancer = Balancer.with(NOTHING).tells(log).before(failing, server);
                var client = balancer.client()) {
            Entry entry;
            do {
                client.send(GET);
                client.message();
                entry = next();
            } while (entry.tries().size() < 2);

            assertThat(entry.status()).isEqualTo(200);
            assertThat(entry.tries()).extracting(Try::failure).containsExactly(FailureKind.STATUS_5XX, null);
            assertThat(entry.tries()).extracting(Try::status).containsExactly(503, 200);
        }
    }

    @Test
    void nobodyCouldBeReached() throws Exception {
        try (var balancer = Balancer.with(NOTHING).tells(log).before(RawServer.refusing());
                var client = balancer.client()) {
            client.send(GET);
            client.message();
            var entry = next();

            assertThat(entry.termination()).isEqualTo(Termination.CONNECT_FAILED);
            assertThat(entry.status()).isEqualTo(502);
            assertThat(entry.tries()).extracting(Try::connectNanos).containsOnly(Try.NEVER);
        }
    }

    @Test
    void nobodyWasThere() throws Exception {
        try (var balancer = Balancer.with("limits: {queue: {timeout: 3s}}")
                        .standingStill()
                        .tells(log)
                        .before(new RawServer[0]);
                var client = balancer.client()) {
            client.send(GET);
            Balancer.await("it waits", () -> balancer.backend().queued() == 1);
            balancer.time().advance(Duration.ofSeconds(3));
            client.message();
            var entry = next();

            assertThat(entry.termination()).isEqualTo(Termination.NO_UPSTREAM);
            assertThat(entry.status()).isEqualTo(503);
            assertThat(entry.waitedNanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
            assertThat(entry.tries()).isEmpty();
        }
    }

    @Test
    void theClientLeft() throws Exception {
        try (var silent = silent();
                var balancer = Balancer.with(NOTHING).tells(log).before(silent)) {
            try (var client = balancer.client()) {
                client.send(GET);
                Balancer.await("it runs", () -> balancer.inFlight() == 1);
            }
            var entry = next();

            assertThat(entry.termination()).isEqualTo(Termination.CLIENT_LEFT);
            assertThat(entry.status()).isZero();
            assertThat(entry.tries()).hasSize(1);
        }
    }

    @Test
    void theClientWasTooSlow() throws Exception {
        try (var server = RawServer.saying("served");
                var balancer = Balancer.with(NOTHING).standingStill().tells(log).before(server);
                var client = balancer.client()) {
            client.send("GET / HT");
            Balancer.await("it has come", () -> balancer.counters().bytesIn() == 8);
            balancer.time().advance(Balancer.LIMITS.headerTimeout());
            assertThat(client.message().status()).isEqualTo(408);
            var entry = next();

            assertThat(entry.termination()).isEqualTo(Termination.CLIENT_TIMEOUT);
            assertThat(entry.request()).isNull();
        }
    }

    @Test
    void theRequestWasRefused() throws Exception {
        try (var server = RawServer.saying("served");
                var balancer = Balancer.with(NOTHING).tells(log).before(server);
                var client = balancer.client()) {
            client.send("GET /cart HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
            client.message();
            var entry = next();

            assertThat(entry.termination()).isEqualTo(Termination.REQUEST_REFUSED);
            assertThat(entry.status()).isEqualTo(400);
            assertThat(entry.detail()).isNotEmpty();
            assertThat(entry.request()).isNotNull();
            assertThat(entry.request().path()).isEqualTo("/cart");
        }
    }

    @Test
    void theAnswerBrokeOff() throws Exception {
        try (var breaking = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
                });
                var balancer = Balancer.with(NOTHING).tells(log).before(breaking);
                var client = balancer.client()) {
            client.send(GET);
            client.restOrReset();
            var entry = next();

            assertThat(entry.termination()).isEqualTo(Termination.TRUNCATED);
            assertThat(entry.status()).isEqualTo(200);
        }
    }

    @Test
    void theUpstreamWasTooSlow() throws Exception {
        try (var silent = silent();
                var balancer = Balancer.with(NOTHING).standingStill().tells(log).before(silent);
                var client = balancer.client()) {
            client.send(GET);
            Balancer.await("it has come", () -> held.get() == 1);
            balancer.time().advance(Balancer.LIMITS.responseTimeout());
            client.message();

            assertThat(next().termination()).isEqualTo(Termination.UPSTREAM_TIMEOUT);
        }
    }

    @Test
    void allWereBusy() throws Exception {
        try (var silent = silent();
                var balancer = Balancer.with("limits: {requests: 1, queue: {size: 1, timeout: 1s}}")
                        .standingStill()
                        .tells(log)
                        .before(silent);
                var runs = balancer.client();
                var waits = balancer.client();
                var late = balancer.client()) {
            runs.send(GET);
            Balancer.await("it runs", () -> held.get() == 1);
            waits.send(GET);
            Balancer.await("it waits", () -> balancer.backend().queued() == 1);
            late.send(GET);
            late.message();
            assertThat(next().termination()).isEqualTo(Termination.QUEUE_FULL);

            balancer.time().advance(Duration.ofSeconds(1));
            waits.message();
            var entry = next();

            assertThat(entry.termination()).isEqualTo(Termination.QUEUE_TIMEOUT);
            assertThat(entry.waitedNanos()).isEqualTo(entry.totalNanos());
        }
    }

    @Test
    void theRequestTookTooLong() throws Exception {
        try (var silent = silent();
                var balancer = Balancer.with(NOTHING)
                        .standingStill()
                        .limits(Limits.withRequestTimeout(Duration.ofSeconds(7)))
                        .tells(log)
                        .before(silent);
                var client = balancer.client()) {
            client.send(GET);
            Balancer.await("it has come", () -> held.get() == 1);
            balancer.time().advance(Duration.ofSeconds(7));
            client.message();

            assertThat(next().termination()).isEqualTo(Termination.REQUEST_TIMEOUT);
        }
    }

    @Test
    void aWebSocketHasEnded() throws Exception {
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection
                            .wire()
                            .send(
                                    "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
                    connection.wire().read();
                });
                var balancer = Balancer.with(NOTHING).tells(log).before(server);
                var client = balancer.client()) {
            client.send("GET /chat HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(client.message().status()).isEqualTo(101);
            assertThat(log.entries).isEmpty();
            client.send("x").endOutput();
            var entry = next();

            assertThat(entry.termination()).isEqualTo(Termination.COMPLETE);
            assertThat(entry.status()).isEqualTo(101);
            assertThat(entry.request().path()).isEqualTo("/chat");
            assertThat(entry.tries()).hasSize(1);
        }
    }

    @Test
    void theProxyEnded() throws Exception {
        try (var silent = silent();
                var balancer = Balancer.with(NOTHING).tells(log).before(silent);
                var client = balancer.client()) {
            client.send(GET);
            Balancer.await("it runs", () -> balancer.inFlight() == 1);
            balancer.listener().abort();

            assertThat(next().termination()).isEqualTo(Termination.PROXY_DRAINED);
        }
    }

    private RawServer silent() {
        return RawServer.with(connection -> {
            connection.wire().message();
            held.incrementAndGet();
            connection.wire().read();
        });
    }

    private Entry next() throws InterruptedException, IOException {
        var entry = log.entries.poll(Wire.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (entry == null) {
            throw new IOException("nothing was told within " + Wire.PATIENCE);
        }
        return entry;
    }
}
