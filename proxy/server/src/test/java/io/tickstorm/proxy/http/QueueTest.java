package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.EndpointSet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An upstream takes one request at a time, and the others stand in line. */
class QueueTest {
    private static final String SETTINGS = "limits: {requests: 1, queue: {size: 4, timeout: 1s}}";
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final Semaphore answers = new Semaphore(0);
    private final List<Wire> clients = new ArrayList<>();

    /** Echoes the path, each time it is told to. */
    private final RawServer server = RawServer.answering(request -> {
        take();
        return ok(request.startLine().split(" ")[1]);
    });

    @AfterEach
    void close() {
        answers.release(100);
        clients.forEach(Wire::close);
        server.close();
    }

    @Test
    void whoCameFirstIsServedFirst() throws IOException {
        try (var balancer = Balancer.with(SETTINGS).before(server)) {
            for (int i = 0; i < 5; i++) {
                send(balancer, i);
            }

            answers.release(5);

            for (int i = 0; i < 5; i++) {
                assertThat(clients.get(i).message().body()).isEqualTo("/" + i);
            }
            assertThat(server.requests().stream()
                            .map(request -> request.startLine().split(" ")[1]))
                    .containsExactly("/0", "/1", "/2", "/3", "/4");
        }
    }

    @Test
    void aFullLineIsA503AtOnce() throws IOException {
        try (var balancer = Balancer.with(SETTINGS).standingStill().before(server)) {
            for (int i = 0; i < 5; i++) {
                send(balancer, i);
            }
            try (var client = balancer.client()) {
                client.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
                var answer = client.message();

                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.field("retry-after")).isEqualTo("1");
                assertThat(answer.body()).contains("as many wait as may");
            }
        }
    }

    @Test
    void theDeadlineDrainsTheLine() throws IOException {
        try (var balancer = Balancer.with(SETTINGS).standingStill().before(server)) {
            for (int i = 0; i < 5; i++) {
                send(balancer, i);
            }

            balancer.time().advance(TIMEOUT);

            for (int i = 1; i < 5; i++) {
                var answer = clients.get(i).message();
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.field("retry-after")).isEqualTo("1");
                assertThat(answer.body()).contains("none became free in time");
            }
            assertThat(balancer.backend().queued()).isZero();
            answers.release();
            assertThat(clients.getFirst().message().body()).isEqualTo("/0");
            assertThat(server.requests()).hasSize(1);
            assertThat(balancer.counters().unserved()).isEqualTo(4);
        }
    }

    @Test
    void aClientThatLeavesGivesItsPlaceUp() throws IOException {
        try (var balancer = Balancer.with(SETTINGS).standingStill().before(server)) {
            for (int i = 0; i < 5; i++) {
                send(balancer, i);
            }

            clients.get(1).close();
            clients.get(3).close();
            Balancer.await("they are gone", () -> balancer.backend().queued() == 2);
            answers.release(3);

            assertThat(clients.get(0).message().body()).isEqualTo("/0");
            assertThat(clients.get(2).message().body()).isEqualTo("/2");
            assertThat(clients.get(4).message().body()).isEqualTo("/4");
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void aTimeOfZeroMeansThatNobodyWaits() throws IOException {
        try (var balancer =
                Balancer.with("limits: {requests: 1, queue: {timeout: 0s}}").before(server)) {
            var first = balancer.client();
            clients.add(first);
            first.send("GET /0 HTTP/1.1\r\nHost: a\r\n\r\n");
            Balancer.await("the first one runs", () -> balancer.inFlight() == 1);
            try (var client = balancer.client()) {
                client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");

                assertThat(client.message().status()).isEqualTo(503);
            }
            answers.release();
            assertThat(first.message().body()).isEqualTo("/0");
        }
    }

    @Test
    void anotherUpstreamTakesFromTheLine() throws IOException {
        try (var another = RawServer.saying("another");
                var balancer = Balancer.with(SETTINGS).standingStill().before(server)) {
            for (int i = 0; i < 4; i++) {
                send(balancer, i);
            }

            balancer.backend().update(EndpointSet.of(server.endpoint(), another.endpoint()));

            for (int i = 1; i < 4; i++) {
                assertThat(clients.get(i).message().body()).isEqualTo("another");
            }
            answers.release();
            assertThat(clients.getFirst().message().body()).isEqualTo("/0");
        }
    }

    /** The first one runs when this returns, any other one waits. */
    private void send(Balancer balancer, int number) {
        var client = balancer.client();
        clients.add(client);
        client.send("GET /" + number + " HTTP/1.1\r\nHost: a\r\n\r\n");
        Balancer.await(
                "it has come",
                () -> balancer.inFlight() == 1 && balancer.backend().queued() == number);
    }

    private void take() {
        try {
            if (!answers.tryAcquire(Wire.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("not told to answer within " + Wire.PATIENCE);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
