package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.admission.Client;
import io.tickstorm.proxy.admission.ClientLimits.Reason;
import io.tickstorm.proxy.listener.ClientSettings;
import io.tickstorm.proxy.listener.Rate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one client may ask, over sockets whose addresses are clients of their own. */
class ClientLimitsOverHttpTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void aClientHasSoManyConnectionsAndOthersHaveTheirs() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = limited(connections(2), server);
                var one = from(balancer, "127.0.0.2");
                var two = from(balancer, "127.0.0.2")) {
            assertThat(one.send(GET).message().status()).isEqualTo(200);
            assertThat(two.send(GET).message().status()).isEqualTo(200);

            try (var third = from(balancer, "127.0.0.2");
                    var other = from(balancer, "127.0.0.3")) {
                assertThat(third.restOrReset()).isIn("", "+RESET");
                assertThat(other.send(GET).message().status()).isEqualTo(200);
            }
            one.reset();
            Balancer.await(
                    "one place is free",
                    () -> balancer.listener().clients().connections(Client.of(address("127.0.0.2"))) == 1);
            try (var fourth = from(balancer, "127.0.0.2")) {
                assertThat(fourth.send(GET).message().status()).isEqualTo(200);
            }

            assertThat(balancer.listener().clients().refused(Reason.CONNECTIONS))
                    .isOne();
            assertThat(balancer.listener().refused()).as("by maxConnections").isZero();
        }
    }

    @Test
    void nothingIsKeptOfClientsThatHaveGone() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = limited(connections(2), server)) {
            for (int i = 2; i < 12; i++) {
                try (var client = from(balancer, "127.0.0." + i)) {
                    client.send(GET).message();
                }
            }

            Balancer.await("all have gone", () -> balancer.listener().clients().clients() == 0);
        }
    }

    @Test
    void newConnectionsComeAtTheirRate() throws IOException {
        var settings = new ClientSettings(0, new Rate(1, 2), Rate.UNLIMITED, Rate.UNLIMITED, 64, List.of());
        try (var server = RawServer.saying("hello");
                var balancer = limited(settings, server)) {
            assertThat(asks(balancer)).isTrue();
            assertThat(asks(balancer)).isTrue();
            assertThat(asks(balancer)).isFalse();

            balancer.time().advance(Duration.ofSeconds(1));

            assertThat(asks(balancer)).isTrue();
            assertThat(asks(balancer)).isFalse();
            assertThat(balancer.listener().clients().refused(Reason.CONNECTION_RATE))
                    .isEqualTo(2);
        }
    }

    @Test
    void allClientsTogetherHaveARateToo() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = Balancer.withStillTime(Balancer.LIMITS, server)) {
            balancer.listener().accepting().change(new Rate(1, 1));
            assertThat(asks(balancer)).isTrue();
            assertThat(asks(balancer)).isFalse();
            balancer.time().advance(Duration.ofSeconds(1));
            assertThat(asks(balancer)).isTrue();

            assertThat(balancer.listener().accepting().refused()).isOne();
            Balancer.await("all have gone", () -> balancer.listener().clients().clients() == 0);
        }
    }

    @Test
    void moreRequestsThanAllowedAreAnsweredWith429AndTheConnectionGoesOn() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = limited(requests(new Rate(1, 2)), server);
                var client = from(balancer, "127.0.0.2");
                var again = from(balancer, "127.0.0.2");
                var other = from(balancer, "127.0.0.3")) {
            assertThat(client.send(GET).message().status()).isEqualTo(200);
            assertThat(again.send(GET).message().status())
                    .as("on its other connection")
                    .isEqualTo(200);

            var refused = client.send(GET).message();
            assertThat(refused.startLine()).isEqualTo("HTTP/1.1 429 Too Many Requests");
            assertThat(refused.field("retry-after")).isEqualTo("1");
            assertThat(refused.field("connection")).isNull();
            assertThat(refused.body())
                    .isEqualTo("429 Too Many Requests: this client sends more requests than it may\n");
            assertThat(other.send(GET).message().status()).isEqualTo(200);
            balancer.time().advance(Duration.ofSeconds(1));
            assertThat(client.send(GET).message().status()).isEqualTo(200);

            assertThat(server.requests()).hasSize(4);
            assertThat(balancer.counters().responses(4)).isOne();
            assertThat(balancer.listener().clients().refused(Reason.REQUEST_RATE))
                    .isOne();
        }
    }

    @Test
    void retryAfterIsInWholeSecondsAndNeverTooEarly() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = limited(requests(new Rate(1, 1)), server);
                var client = from(balancer, "127.0.0.2")) {
            client.send(GET).message();
            balancer.time().advance(Duration.ofMillis(1));
            assertThat(client.send(GET).message().field("retry-after")).isEqualTo("1");
            balancer.time().advance(Duration.ofMillis(998));
            assertThat(client.send(GET).message().field("retry-after")).isEqualTo("1");
            balancer.time().advance(Duration.ofMillis(1));

            assertThat(client.send(GET).message().status()).isEqualTo(200);
        }
    }

    @Test
    void requestsThatCameTogetherAreEachAnswered() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = limited(requests(new Rate(1, 1)), server);
                var client = from(balancer, "127.0.0.2")) {
            client.send(GET + GET + "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + GET);

            assertThat(client.message().status()).isEqualTo(200);
            assertThat(client.message().status()).isEqualTo(429);
            var toHead = client.message(true);
            assertThat(toHead.status()).isEqualTo(429);
            assertThat(toHead.field("content-length")).isNotEqualTo("0");
            assertThat(client.message().status()).isEqualTo(429);
        }
    }

    @Test
    void aRefusedRequestWhoseBodyIsStillToComeEndsTheConnection() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = limited(requests(new Rate(1, 1)), server);
                var client = from(balancer, "127.0.0.2")) {
            client.send(GET).message();

            var refused = client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
                    .message();

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.field("connection")).isEqualTo("close");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void whoDoesNotReadItsRefusalsIsNotAnsweredForEver() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = limited(requests(new Rate(1, 1)), server);
                var client = from(balancer, "127.0.0.2")) {
            // Four megabytes of answers, of which the sockets and the mark of 64 KiB hold a part.
            client.socket().setReceiveBufferSize(4096);
            int sent = 20_000;
            client.send(GET.repeat(sent));
            Balancer.await("all was read", () -> balancer.counters().bytesIn() == (long) sent * GET.length());

            assertThat(balancer.listener().clients().refused(Reason.REQUEST_RATE))
                    .isBetween(1L, sent - 1L);
            client.reset();
        }
    }

    @Test
    void limitsMayComeAndGoWhileConnectionsAreOpen() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = Balancer.withStillTime(Balancer.LIMITS, server);
                var client = from(balancer, "127.0.0.2")) {
            assertThat(client.send(GET).message().status()).isEqualTo(200);

            balancer.listener().clients().change(requests(new Rate(1, 1)));
            assertThat(client.send(GET).message().status()).isEqualTo(200);
            assertThat(client.send(GET).message().status()).isEqualTo(429);
            balancer.listener().clients().change(ClientSettings.UNLIMITED);

            assertThat(client.send(GET).message().status()).isEqualTo(200);
        }
    }

    @Test
    void twoThousandAddressesAreHeldToTheirLimits() throws Exception {
        var result = ManyClients.run(2_000);

        assertThat(result).isEqualTo(ManyClients.Result.exact(2_000));
    }

    private static boolean asks(Balancer balancer) throws IOException {
        try (var client = from(balancer, "127.0.0.2")) {
            return client.send(GET).message() instanceof Wire.Message answer && answer.status() == 200;
        } catch (SocketException | UncheckedIOException closed) {
            return false;
        }
    }

    private static ClientSettings connections(int max) {
        return new ClientSettings(max, Rate.UNLIMITED, Rate.UNLIMITED, Rate.UNLIMITED, 64, List.of());
    }

    private static ClientSettings requests(Rate rate) {
        return new ClientSettings(0, Rate.UNLIMITED, rate, Rate.UNLIMITED, 64, List.of());
    }

    private static Balancer limited(ClientSettings settings, RawServer server) {
        var balancer = Balancer.withStillTime(Balancer.LIMITS, server);
        balancer.listener().clients().change(settings);
        return balancer;
    }

    private static Wire from(Balancer balancer, String address) throws IOException {
        return new Wire(new Socket(address("127.0.0.1"), balancer.listener().number(), address(address), 0));
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
