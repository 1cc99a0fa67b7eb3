package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How a listener ends: no request that reached it is lost. */
class DrainTest {
    private static final String SLOW = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HALF = "GET / HTTP/1.1\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void fromTheAnnouncementOnAnswersCarryTheCloseAndNewConnectionsAreServed() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var idle = balancer.client()) {
            idle.send(GET);
            assertThat(idle.message().field("connection")).isNull();

            balancer.listener().announceClose();

            try (var late = balancer.client()) {
                late.send(GET);
                assertThat(late.message().field("connection")).isEqualTo("close");
                assertThat(late.read()).isEqualTo(-1);
            }
            idle.send(GET);
            var last = idle.message();
            assertThat(last.body()).isEqualTo("x");
            assertThat(last.field("connection")).isEqualTo("close");
            assertThat(idle.read()).isEqualTo(-1);
        }
    }

    @Test
    void whenNothingIsAcceptedAnyMoreIdleConnectionsCloseAndRunningRequestsFinish() throws Exception {
        var release = new CountDownLatch(1);
        try (var server = RawServer.answering(request -> {
                    if (request.startLine().contains("/slow")) {
                        await(release);
                    }
                    return ok("x");
                });
                var balancer = Balancer.before(server);
                var idle = balancer.client();
                var running = balancer.client();
                var half = balancer.client()) {
            idle.send(GET);
            idle.message();
            running.send(SLOW);
            half.send(HALF);
            Balancer.await(
                    "one runs, one has begun to come",
                    () -> balancer.inFlight() == 1
                            && balancer.listener().connections() == 3
                            && balancer.listener().active() == 1
                            && balancer.counters().bytesIn() == GET.length() + SLOW.length() + HALF.length());
            var empty = balancer.listener().whenEmpty().toCompletableFuture();

            balancer.listener().announceClose();
            balancer.listener().stopAccepting().toCompletableFuture().join();

            assertThat(idle.read()).isEqualTo(-1);
            assertThatThrownBy(balancer::client).hasMessageContaining("refused");
            assertThat(empty).isNotDone();
            half.send("Host: a\r\n\r\n");
            assertThat(half.message().body()).isEqualTo("x");
            release.countDown();
            assertThat(running.message().body()).isEqualTo("x");
            empty.join();
            assertThat(balancer.listener().connections()).isZero();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aStreamGoesOnUntilItsServerEndsIt() throws Exception {
        var closed = new CountDownLatch(1);
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection
                            .wire()
                            .send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                    + "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
                    await(closed);
                    connection.wire().send("9\r\ndata: 2\n\n\r\n0\r\n\r\n");
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(GET);
            client.readUntil("data: 1\n\n");

            balancer.listener().announceClose();
            balancer.listener().stopAccepting().toCompletableFuture().join();
            balancer.listener().part(Duration.ofSeconds(20)); // is for WebSockets only
            closed.countDown();

            assertThat(client.rest()).endsWith("data: 2\n\n\r\n0\r\n\r\n");
            balancer.listener().whenEmpty().toCompletableFuture().join();
        }
    }

    @Test
    void whatStillRunsIsToldAndCanBeCutOff() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
                    connection.wire().read();
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(GET);
            client.readUntil("half");

            assertThat(balancer.listener().describe())
                    .singleElement()
                    .asString()
                    .matches("http: request of 127.0.0.1 answered by backend-.*, attempt 1, \\d+ s");
            balancer.listener().abort();

            assertThat(client.restOrReset()).isEqualTo("+RESET");
        }
    }
}
