package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** {@code limits.connections} over HTTP, where connections are kept. */
class UpstreamConnectionsTest {
    private static final int CLIENTS = 6;
    private static final int REQUESTS = 60;
    private static final int LIMIT = 2;

    /** Longer than a connection may be idle for a POST: then it has to give way for a new one. */
    private static final long PAUSE_NANOS = 220_000_000;

    private static String request(int number) {
        return number % 3 == 0
                ? "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
                : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";
    }

    @Test
    void noMoreConnectionsAreOpenThanMayBeAndEveryRequestIsServed() throws Exception {
        Queue<String> failed = new ConcurrentLinkedQueue<>();
        var most = new AtomicInteger();
        try (var server = RawServer.saying("x");
                var balancer = Balancer.with("limits: {connections: %d, queue: {timeout: 10s}}".formatted(LIMIT))
                        .withRunningTime()
                        .before(server)) {
            var connections = balancer.backend().upstreams().getFirst().connections();
            var clients = new ArrayList<Thread>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(Thread.ofVirtual().start(() -> {
                    try (var wire = balancer.client()) {
                        for (int number = 0; number < REQUESTS; number++) {
                            if (number % 20 == 10) {
                                LockSupport.parkNanos(PAUSE_NANOS);
                            }
                            wire.send(request(number));
                            most.accumulateAndGet(connections.open(), Math::max);
                            var answer = wire.message();
                            if (answer == null || answer.status() != 200) {
                                failed.add(String.valueOf(answer));
                            }
                        }
                    } catch (Exception e) {
                        failed.add(e.toString());
                    }
                }));
            }
            for (var client : clients) {
                client.join();
            }
            assertThat(failed).isEmpty();
            assertThat(most.get()).isBetween(1, LIMIT);
            assertThat(server.requests()).hasSize(CLIENTS * REQUESTS);
            assertThat(connections.wanted()).isFalse();
        }
    }
}
