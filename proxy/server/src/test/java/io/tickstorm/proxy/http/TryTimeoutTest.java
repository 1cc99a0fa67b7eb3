package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.FailureKind;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One attempt may take only so long. */
class TryTimeoutTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    private static final Duration TRY = Duration.ofSeconds(2);
    private static final String SETTINGS = "retries: {perTryTimeout: 2s}";

    private final AtomicInteger held = new AtomicInteger();

    /** The first request, on whichever of the servers, gets no answer; all others do. */
    private RawServer slowFirst() {
        return RawServer.with(connection -> {
            for (var request = connection.wire().message();
                    request != null;
                    request = connection.wire().message()) {
                if (held.getAndIncrement() == 0) {
                    connection.wire().read();
                    return;
                }
                connection.wire().send(RawServer.ok("served"));
            }
        });
    }

    @Test
    void aSafeRequestIsTriedElsewhere() throws IOException {
        try (var one = slowFirst();
                var other = slowFirst();
                var balancer = Balancer.with(SETTINGS).standingStill().before(one, other);
                var client = balancer.client()) {
            client.send(GET);
            Balancer.await("the first attempt is made", () -> held.get() == 1);

            balancer.time().advance(TRY);

            assertThat(client.message().body()).isEqualTo("served");
            assertThat(balancer.counters().retries()).isOne();
        }
    }

    @Test
    void anUnsafeRequestIsNot() throws IOException {
        try (var one = slowFirst();
                var other = slowFirst();
                var balancer = Balancer.with(SETTINGS).standingStill().before(one, other);
                var client = balancer.client()) {
            client.send(POST);
            Balancer.await("the first attempt is made", () -> held.get() == 1);

            balancer.time().advance(TRY);

            assertThat(client.message().status()).isEqualTo(504);
            assertThat(balancer.counters().failures(FailureKind.TIMEOUT)).isOne();
        }
    }

    @Test
    void anAnswerThatHasBegunMayTakeLonger() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().readUntil("first");
                    connection.wire().send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\na");
                    connection.wire().readUntil("go on");
                    connection.wire().send("b");
                });
                var balancer = Balancer.with(SETTINGS).standingStill().before(server);
                var client = balancer.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nfirst");
            client.readUntil("\r\n\r\na");

            balancer.time().advance(TRY.multipliedBy(2));
            client.send("go on");

            assertThat(client.read()).isEqualTo('b');
        }
    }

    @Test
    void theRequestAsAWholeEndsAllAttempts() throws IOException {
        var limits = Limits.withRequestTimeout(TRY.multipliedBy(2).minusMillis(1));
        try (var silent = RawServer.with(connection -> {
                    connection.wire().message();
                    held.incrementAndGet();
                    connection.wire().read();
                });
                var other = RawServer.with(connection -> {
                    connection.wire().message();
                    held.incrementAndGet();
                    connection.wire().read();
                });
                var balancer =
                        Balancer.with(SETTINGS).standingStill().limits(limits).before(silent, other);
                var client = balancer.client()) {
            client.send(GET);
            Balancer.await("the first attempt is made", () -> held.get() == 1);
            balancer.time().advance(TRY);
            Balancer.await("the second attempt is made", () -> held.get() == 2);

            balancer.time().advance(TRY.minusMillis(1));

            assertThat(client.message().status()).isEqualTo(504);
            assertThat(held).hasValue(2);
        }
    }
}
