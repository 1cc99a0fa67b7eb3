package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All servers of HTTP/2 are restarted one after the other, under load and without a word to the balancer. */
class Http2RestartTest {
    private static final int SERVERS = 3;
    private static final int CLIENTS = 6;
    private static final int ROUNDS = 2;

    private final Map<String, AtomicInteger> done = new ConcurrentHashMap<>();
    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();

    @ParameterizedTest(name = "with GOAWAY: {0}")
    @ValueSource(booleans = {true, false})
    void noGetFailsAndNoPostIsDoneTwice(boolean withGoAway) throws Exception {
        var servers = new ArrayList<StreamServer>();
        for (int i = 0; i < SERVERS; i++) {
            servers.add(StreamServer.with(this::serve));
        }
        var endpoints = servers.stream().map(StreamServer::endpoint).toArray(Endpoint[]::new);
        try (var balancer = Balancer.with("{protocol: HTTP2, retries: {attempts: 3, budget: {percent: 100}}}")
                        .withRunningTime()
                        .before(endpoints);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> ask(balancer)));
            }
            try {
                for (int restart = 0; restart < ROUNDS * SERVERS; restart++) {
                    restart(servers, restart % SERVERS, withGoAway);
                }
            } finally {
                enough.set(true);
            }
            for (var client : clients) {
                client.get();
            }
        } finally {
            servers.forEach(StreamServer::close);
        }

        assertThat(failed)
                .filteredOn(each -> withGoAway || each.startsWith("GET"))
                .isEmpty();
        assertThat(done)
                .isNotEmpty()
                .allSatisfy((id, times) -> assertThat(times).hasValue(1));
    }

    private void serve(StreamServer.Stream request) {
        if ("POST".contentEquals(request.head().method())) {
            done.computeIfAbsent(request.body(), id -> new AtomicInteger()).incrementAndGet();
        }
        request.answer("x");
    }

    private void restart(List<StreamServer> servers, int which, boolean withGoAway) {
        var old = servers.get(which);
        if (withGoAway) {
            old.leave();
        } else {
            old.kill();
        }
        Balancer.await("its connections are closed", () -> old.open() == 0);
        servers.set(which, StreamServer.at(old.port(), this::serve));
        old.close();
        int before = answered.get();
        Balancer.await("traffic goes on", () -> answered.get() > before + 20);
    }

    private Void ask(Balancer balancer) throws IOException {
        var client = balancer.client();
        try {
            while (!enough.get()) {
                int id = number.incrementAndGet();
                var body = Integer.toString(id);
                client.send(
                        id % 2 == 0
                                ? "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
                                : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                var answer = client.message();
                answered.incrementAndGet();
                if (answer.status() != 200) {
                    failed.add((id % 2 == 0 ? "GET " : "POST ") + answer.body());
                }
                if ("close".equals(answer.field("connection"))) {
                    client.close();
                    client = balancer.client();
                }
            }
        } finally {
            client.close();
        }
        return null;
    }
}
