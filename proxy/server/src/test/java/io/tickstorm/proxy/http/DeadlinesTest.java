package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.listener.ListenerLimits;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who is waited for, and how long. Time stands still but for what a test advances. */
class DeadlinesTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final ListenerLimits.Http LIMITS = Balancer.LIMITS;
    private static final Duration BEFORE = Duration.ofMillis(1);

    private static RawServer silent() {
        return RawServer.with(connection -> {
            connection.wire().message();
            connection.wire().read();
        });
    }

    @Test
    void aHeadThatTricklesIsRefusedAtItsDeadline() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.withStillTime(LIMITS, server);
                var client = balancer.client()) {
            client.send("GET / HT");
            Balancer.await("the first bytes arrive", () -> balancer.counters().bytesIn() == 8);
            balancer.time().advance(LIMITS.headerTimeout().minus(BEFORE));
            client.send("TP/1.1\r\n");
            Balancer.await("more bytes arrive", () -> balancer.counters().bytesIn() == 16);

            balancer.time().advance(BEFORE);

            assertThat(client.message().status()).isEqualTo(408);
            assertThat(client.read()).isEqualTo(-1);
            assertThat(balancer.counters().timeouts()).isOne();
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosedWithoutAWord() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.withStillTime(LIMITS, server);
                var client = balancer.client()) {
            Balancer.await("it is accepted", () -> balancer.listener().connections() == 1);

            // it may not be waited for yet when it counts as accepted, hence more than one advance
            Balancer.await("it is closed", () -> {
                balancer.time().advance(LIMITS.headerTimeout());
                return balancer.listener().connections() == 0;
            });

            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void betweenRequestsTheIdleTimeHolds() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.withStillTime(LIMITS, server);
                var client = balancer.client()) {
            client.send(GET);
            client.message();
            balancer.time().advance(LIMITS.idleTimeout().minus(BEFORE));
            client.send(GET);
            assertThat(client.message().status()).isEqualTo(200);

            balancer.time().advance(LIMITS.idleTimeout());

            assertThat(client.read()).isEqualTo(-1);
        }
    }

    @Test
    void theSecondHeadHasADeadlineFromItsFirstByte() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.withStillTime(LIMITS, server);
                var client = balancer.client()) {
            client.send(GET);
            client.message();
            client.send("GET");
            Balancer.await("the first bytes arrive", () -> balancer.counters().bytesIn() == GET.length() + 3);

            balancer.time().advance(LIMITS.headerTimeout());

            assertThat(client.message().status()).isEqualTo(408);
        }
    }

    @Test
    void anUpstreamThatDoesNotAnswerIsA504AndNobodyElseIsAsked() throws IOException {
        try (var server = silent();
                var balancer = Balancer.withStillTime(LIMITS, server, server);
                var client = balancer.client()) {
            client.send(GET);
            Balancer.await("the request is sent", () -> balancer.inFlight() == 1 && server.open() == 1);
            // the deadline begins when the connection is there: one tick later it certainly runs
            awaitAnswerWhileAdvancing(balancer, LIMITS.responseTimeout());

            assertThat(client.message().status()).isEqualTo(504);
            assertThat(balancer.counters().failures(FailureKind.TIMEOUT)).isOne();
            assertThat(balancer.counters().retries()).isZero();
            Balancer.await("its connection closes", () -> server.open() == 0);
        }
    }

    @Test
    void theRequestAsAWholeHasADeadline() throws IOException {
        var limits = new ListenerLimits.Http(
                10,
                LIMITS.idleTimeout(),
                LIMITS.connectTimeout(),
                LIMITS.headerTimeout(),
                Duration.ofSeconds(5),
                LIMITS.responseTimeout(),
                LIMITS.maxHeaderSize());
        try (var server = silent();
                var balancer = Balancer.withStillTime(limits, server);
                var client = balancer.client()) {
            client.send(GET);
            Balancer.await("the request is sent", () -> balancer.inFlight() == 1 && server.open() == 1);

            balancer.time().advance(limits.requestTimeout());

            assertThat(client.message().status()).isEqualTo(504);
            Balancer.await("the lease ends", () -> balancer.inFlight() == 0);
        }
    }

    @Test
    void anAnswerThatHasBegunMayTakeItsTime() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
                    connection.wire().message();
                });
                var balancer = Balancer.withStillTime(LIMITS, server);
                var client = balancer.client()) {
            client.send(GET);
            client.readUntil("\r\n\r\na");

            balancer.time().advance(LIMITS.responseTimeout().multipliedBy(10));

            assertThat(balancer.inFlight()).isOne();
        }
    }

    @Test
    void aBodyThatStopsComingIsA408() throws IOException {
        try (var server = silent();
                var balancer = Balancer.withStillTime(LIMITS, server);
                var client = balancer.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
            Balancer.await("the request runs", () -> balancer.inFlight() == 1);

            awaitAnswerWhileAdvancing(balancer, ClientConnection.STALL);

            assertThat(client.message().status()).isEqualTo(408);
            Balancer.await("the lease ends", () -> balancer.inFlight() == 0);
        }
    }

    @Test
    void aClientThatNeverReadsIsCutOffAndOneThatReadsSlowlyIsNot() throws IOException {
        var body = "x".repeat(32 * 1024 * 1024);
        try (var server = RawServer.saying(body);
                var balancer = Balancer.withStillTime(LIMITS, server);
                var client = balancer.client()) {
            client.send(GET);
            client.readUntil("\r\n\r\n");
            awaitStandstill(balancer);
            for (int i = 0; i < 4; i++) {
                balancer.time().advance(ClientConnection.STALL.minus(BEFORE));
                long before = balancer.counters().bytesOut();
                while (balancer.counters().bytesOut() == before) {
                    client.read(64 * 1024);
                }
                awaitStandstill(balancer);
            }
            assertThat(balancer.counters().timeouts()).isZero();

            Balancer.await("it is cut off", () -> {
                balancer.time().advance(ClientConnection.STALL);
                return balancer.listener().connections() == 0;
            });

            assertThat(client.restOrReset()).endsWith("+RESET");
            assertThat(balancer.counters().timeouts()).isOne();
        }
    }

    /** Until nothing has been written to clients for a tenth of a second. */
    private static void awaitStandstill(Balancer balancer) {
        var last = new long[] {-1, System.nanoTime()};
        Balancer.await("the client's connection is full", () -> {
            if (balancer.counters().bytesOut() != last[0]) {
                last[0] = balancer.counters().bytesOut();
                last[1] = System.nanoTime();
            }
            return System.nanoTime() - last[1] > 100_000_000L;
        });
    }

    @Test
    void aConnectionTooManyIsClosed() throws IOException {
        var limits = new ListenerLimits.Http(
                1,
                LIMITS.idleTimeout(),
                LIMITS.connectTimeout(),
                LIMITS.headerTimeout(),
                LIMITS.requestTimeout(),
                LIMITS.responseTimeout(),
                LIMITS.maxHeaderSize());
        try (var server = RawServer.answering(request -> ok("x"));
                var balancer = Balancer.before(limits, server);
                var client = balancer.client()) {
            client.send(GET);
            client.message();
            try (var second = balancer.client()) {
                assertThat(second.restOrReset()).isIn("", "+RESET");
            }

            client.send(GET);

            assertThat(client.message().body()).isEqualTo("x");
            assertThat(balancer.listener().refused()).isOne();
        }
    }

    private static void awaitAnswerWhileAdvancing(Balancer balancer, Duration deadline) {
        Balancer.await("the deadline strikes", () -> {
            balancer.time().advance(deadline);
            return balancer.counters().responses(4) + balancer.counters().responses(5) == 1;
        });
    }
}
