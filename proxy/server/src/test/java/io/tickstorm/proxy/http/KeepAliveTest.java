package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.KeepAlive;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;

/** Connections to upstreams that are used for more than one request, and the races that come with that. */
class KeepAliveTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static String post(int id) {
        var body = String.valueOf(id);
        return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void anUpstreamThatClosesJustBeforeAPostLosesNothingAndSeesNothingTwice() throws Exception {
        assumeTrue(Epoll.isAvailable(), "the kernel is asked through epoll's socket only");
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        var closed = new SynchronousQueue<Boolean>();
        // Answers one request and closes without a word, at the very moment at which the client sends the next one: our
        // event loop has not yet read the FIN, the kernel has.
        RawServer.Behaviour closing = connection -> {
            seen.add(connection.wire().message().body());
            connection.wire().send(ok("x"));
            connection.wire().close();
            try {
                closed.put(true);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        try (var server = RawServer.with(closing);
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            for (int id = 0; id < 300; id++) {
                client.send(post(id));
                assertThat(client.message().status()).as("request %d", id).isEqualTo(200);
                closed.take();
            }
        }
        assertThat(seen).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void aSafeRequestOnAConnectionThatIsResetIsSentAgain() throws IOException {
        // The second request on each connection meets a reset, without an answer.
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send(ok("x"));
                    connection.wire().message();
                    connection.wire().reset();
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            for (int i = 0; i < 20; i++) {
                client.send(GET);
                assertThat(client.message().status()).isEqualTo(200);
            }
            assertThat(balancer.counters().retries()).isPositive();
        }
    }

    @Test
    void unsafeRequestsRideOnlyOnConnectionsThatWereInUseJustNow() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.withStillTime(Balancer.LIMITS, server);
                var client = balancer.client()) {
            client.send(post(1));
            client.message();
            balancer.time().advance(KeepAlive.START_ONCE);
            client.send(post(2));
            client.message();
            assertThat(server.connections()).isOne();

            balancer.time().advance(KeepAlive.START_ONCE.plusMillis(1));
            client.send(post(3));
            client.message();

            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void safeRequestsRideOnOlderConnections() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.withStillTime(Balancer.LIMITS, server);
                var client = balancer.client()) {
            client.send(GET);
            client.message();
            balancer.time().advance(KeepAlive.START);
            client.send(GET);
            client.message();

            assertThat(server.connections()).isOne();
        }
    }

    @Test
    void connectionsThatWereIdleTooLongAreClosedAllButOneWhichIsWatched() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.withStillTime(Balancer.LIMITS, server);
                var client = balancer.client();
                var other = balancer.client()) {
            for (int i = 0; i < 2; i++) {
                // an unsafe request never rides on the connection of the one before: its time has run out
                client.send(post(i));
                client.message();
                balancer.time().advance(KeepAlive.START_ONCE.plusMillis(1));
            }
            assertThat(server.open()).isEqualTo(2);

            balancer.time().advance(KeepAlive.START);

            Balancer.await("the sweep closes one", () -> server.open() == 1);
            other.send(GET);
            other.message();
            assertThat(server.connections()).as("what is watched is not used").isEqualTo(3);
            balancer.time().advance(KeepAlive.START.multipliedBy(2));
            Balancer.await("it has been watched long enough", () -> server.open() == 1);
        }
    }

    @Test
    void howLongAnUpstreamKeepsConnectionsIsLearnt() throws IOException {
        var close = new SynchronousQueue<Boolean>();
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send(ok("x"));
                    if (connection.number() == 0) {
                        take(close);
                        return;
                    }
                    while (connection.wire().message() != null) {
                        connection.wire().send(ok("x"));
                    }
                });
                var balancer = Balancer.withStillTime(Balancer.LIMITS, server);
                var client = balancer.client()) {
            client.send(GET);
            client.message();
            balancer.time().advance(Duration.ofSeconds(1));
            Balancer.await("it listens", () -> close.offer(true));
            Balancer.await("the upstream closes after a second", () -> server.open() == 0);
            client.send(GET);
            client.message();
            assertThat(server.connections()).isEqualTo(2);

            balancer.time().advance(Duration.ofMillis(501));
            client.send(GET);
            client.message();

            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void anIdleConnectionGivesWayWhereOneMoreMayNotBeOpened() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.withStillTime(Balancer.LIMITS, server)) {
            var connections = balancer.backend().upstreams().getFirst().connections();
            connections.limit(1);
            // the clients are on both event loops, and the idle connection on one of them
            for (int id = 0; id < 8; id++) {
                try (var client = balancer.client()) {
                    client.send(post(id));
                    assertThat(client.message().status()).isEqualTo(200);
                    assertThat(connections.open()).isOne();
                }
                balancer.time().advance(KeepAlive.START_ONCE.plusMillis(1));
            }
            assertThat(server.connections()).isEqualTo(8);
        }
    }

    @Test
    void whatAnUpstreamSaysOfItsIdleTimeoutIsBelieved() throws IOException {
        try (var server = RawServer.answering(request -> "HTTP/1.1 204 \r\nKeep-Alive: timeout=2, max=100\r\n\r\n");
                var balancer = Balancer.withStillTime(Balancer.LIMITS, server);
                var client = balancer.client()) {
            client.send(GET);
            client.message();
            balancer.time().advance(Duration.ofMillis(1_600));
            client.send(GET);
            client.message();
            assertThat(server.connections()).isOne();

            balancer.time().advance(Duration.ofMillis(1_601));
            client.send(GET);
            assertThat(client.message().field("keep-alive")).isNull();

            assertThat(server.connections()).isEqualTo(2);
        }
    }

    private static void take(SynchronousQueue<Boolean> queue) {
        try {
            queue.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void idleConnectionsToAnUpstreamThatDrainsAreClosed() throws IOException {
        try (var server = RawServer.saying("x");
                var other = RawServer.saying("y");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(GET);
            client.message();
            assertThat(server.open()).isOne();

            balancer.backend().update(EndpointSet.of(server.endpoint().with(Condition.DRAINING), other.endpoint()));

            Balancer.await("the idle connection closes", () -> server.open() == 0);
            client.send(GET);
            assertThat(client.message().body()).isEqualTo("y");
        }
    }

    @Test
    void requestsThatRunOnAnUpstreamThatIsRemovedFinish() throws IOException {
        var answer = new SynchronousQueue<Boolean>();
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    take(answer);
                    connection.wire().send(ok("late"));
                    connection.wire().read();
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(post(1));
            Balancer.await("the request runs", () -> balancer.inFlight() == 1 && server.open() == 1);

            balancer.backend().update(EndpointSet.EMPTY);
            answer.offer(true);

            Balancer.await("it is answered", () -> balancer.counters().responses(2) == 1 || answer.offer(true));
            assertThat(client.message().body()).isEqualTo("late");
            Balancer.await("its connection is not kept", () -> server.open() == 0);
        }
    }

    @Test
    void bytesBehindAnAnswerEndTheConnection() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send(ok("x") + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong");
                    connection.wire().read();
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            for (int i = 0; i < 3; i++) {
                client.send(GET);
                assertThat(client.message().body()).isEqualTo("x");
            }
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void bytesOnAnIdleConnectionEndIt() throws IOException {
        var speak = new SynchronousQueue<Boolean>();
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send(ok("x"));
                    if (connection.number() == 0) {
                        take(speak);
                        connection.wire().send("HTTP/1.1 408 Timeout\r\nContent-Length: 0\r\n\r\n");
                    }
                    connection.wire().read();
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(GET);
            client.message();
            Balancer.await("it listens", () -> speak.offer(true));
            Balancer.await("the connection closes", () -> server.open() == 0);

            client.send(GET);

            assertThat(client.message().status()).isEqualTo(200);
        }
    }

    @Test
    void anUpstreamThatSaysCloseIsBelieved() throws IOException {
        try (var server = RawServer.answering(
                        request -> "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            for (int i = 0; i < 3; i++) {
                client.send(GET);
                var answer = client.message();
                assertThat(answer.body()).isEqualTo("x");
                assertThat(answer.field("connection")).isNull();
            }
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void theSameWorksOnTheSelectorOfTheJdk() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.onNio(server);
                var client = balancer.client()) {
            for (int id = 0; id < 3; id++) {
                client.send(post(id));
                assertThat(client.message().body()).isEqualTo("x");
            }
            assertThat(server.connections()).isOne();
        }
    }
}
