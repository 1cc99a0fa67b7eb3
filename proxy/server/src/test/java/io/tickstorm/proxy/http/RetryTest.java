package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests get a second attempt when an upstream fails, and which must not. */
class RetryTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";

    @ParameterizedTest
    @ValueSource(strings = {GET, POST})
    void aRefusedConnectionMovesAnyRequestToAnotherUpstream(String request) throws IOException {
        try (var server = RawServer.saying("served");
                var balancer = Balancer.before(RawServer.refusing(), server.endpoint());
                var client = balancer.client()) {
            for (int i = 0; i < 10; i++) {
                client.send(request);
                assertThat(client.message().body()).isEqualTo("served");
            }
            assertThat(server.requests()).hasSize(10);
            assertThat(balancer.counters().responses(5)).isZero();
        }
    }

    @Test
    void bodiesThatCameWhileConnectingGoToTheNextUpstreamWhole() throws IOException {
        var body = "x".repeat(50_000);
        try (var server = RawServer.answering(
                        request -> ok(String.valueOf(request.body().equals(body))));
                var balancer = Balancer.before(RawServer.refusing(), server.endpoint());
                var client = balancer.client()) {
            for (int i = 0; i < 4; i++) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n" + body);
                assertThat(client.message().body()).isEqualTo("true");
            }
        }
    }

    @Test
    void refusedEverywhereIsA502() throws IOException {
        try (var balancer = Balancer.before(RawServer.refusing(), RawServer.refusing());
                var client = balancer.client()) {
            client.send(POST);
            var answer = client.message();

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("no connection to a server");
            assertThat(balancer.counters().failures(FailureKind.CONNECT_REFUSED))
                    .isOne();
        }
    }

    @Test
    void aSafeRequestThatGotNoAnswerIsSentAgain() throws IOException {
        try (var closing = RawServer.with(connection -> connection.wire().message());
                var server = RawServer.saying("served");
                var balancer = Balancer.before(closing, server);
                var client = balancer.client()) {
            for (int i = 0; i < 4; i++) {
                client.send(GET);
                assertThat(client.message().body()).isEqualTo("served");
            }
            assertThat(closing.connections()).isPositive();
            assertThat(balancer.counters().retries()).isEqualTo(closing.connections());
        }
    }

    @Test
    void aSafeRequestIsSentAgainWithItsBody() throws IOException {
        try (var resetting = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().reset();
                });
                var server = RawServer.answering(request -> ok(request.body()));
                var balancer = Balancer.before(resetting, server);
                var client = balancer.client()) {
            for (int i = 0; i < 4; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
                assertThat(client.message().body()).isEqualTo("hello");
            }
            assertThat(resetting.connections()).isPositive();
        }
    }

    @Test
    void aBodyTooLargeToKeepIsNotSentAgain() throws IOException {
        try (var closing = RawServer.with(connection -> connection.wire().message());
                var balancer = Balancer.before(closing, closing);
                var client = balancer.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n" + "x".repeat(70_000));

            assertThat(client.message().status()).isEqualTo(502);
            assertThat(closing.connections()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "BREW"})
    void anUnsafeRequestThatWasSentIsNotSentAgain(String method) throws IOException {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        RawServer.Behaviour closing =
                connection -> seen.add(connection.wire().message().body());
        try (var one = RawServer.with(closing);
                var other = RawServer.with(closing);
                var balancer = Balancer.before(one, other);
                var client = balancer.client()) {
            client.send(method + POST.substring(4));

            assertThat(client.message().status()).isEqualTo(502);
            assertThat(seen).containsExactly("hello");
            assertThat(balancer.counters().retries()).isZero();
        }
    }

    @Test
    void upstreamsThatAreTriedAreNotTriedAgainWhileAnotherIsLeft() throws IOException {
        try (var closing = RawServer.with(connection -> connection.wire().message());
                var server = RawServer.saying("served");
                var balancer = Balancer.before(closing.endpoint(), RawServer.refusing(), server.endpoint());
                var client = balancer.client()) {
            for (int i = 0; i < 4; i++) {
                client.send(GET);
                assertThat(client.message().body()).isEqualTo("served");
            }
        }
    }

    @Test
    void withoutAnyUpstreamARequestWaitsForOneToAppear() throws IOException {
        try (var server = RawServer.saying("served");
                var balancer = Balancer.withStillTime(Balancer.LIMITS);
                var client = balancer.client()) {
            client.send(POST);
            Balancer.await("the request waits", () -> balancer.counters().held() == 1);

            balancer.backend().update(EndpointSet.of(server.endpoint()));

            assertThat(client.message().body()).isEqualTo("served");
        }
    }

    @Test
    void withoutAnyUpstreamInTimeTheAnswerIs503() throws IOException {
        try (var balancer = Balancer.withStillTime(Balancer.LIMITS);
                var client = balancer.client()) {
            client.send(GET);
            Balancer.await("the request waits", () -> balancer.counters().held() == 1);

            balancer.time().advance(Balancer.LIMITS.connectTimeout());

            var answer = client.message();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.field("retry-after")).isEqualTo("1");
            assertThat(answer.body()).contains("no server is there");
            assertThat(balancer.counters().unserved()).isOne();
        }
    }

    @Test
    void aClientThatLeavesWhileWaitingIsForgotten() throws IOException {
        try (var server = RawServer.saying("served");
                var balancer = Balancer.withStillTime(Balancer.LIMITS)) {
            try (var client = balancer.client()) {
                client.send(GET);
                Balancer.await("the request waits", () -> balancer.counters().held() == 1);
            }
            Balancer.await("the client is gone", () -> balancer.counters().cancelled() == 1);

            balancer.backend().update(EndpointSet.of(server.endpoint()));

            try (var next = balancer.client()) {
                next.send(GET);
                assertThat(next.message().body()).isEqualTo("served");
            }
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aClientThatLeavesTakesItsRequestWithIt() throws IOException {
        try (var silent = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().read();
                });
                var balancer = Balancer.before(silent)) {
            try (var client = balancer.client()) {
                client.send(GET);
                Balancer.await("the request arrives", () -> balancer.inFlight() == 1 && silent.open() == 1);
            }

            Balancer.await(
                    "the upstream's connection closes, the lease ends",
                    () -> silent.open() == 0 && balancer.inFlight() == 0);
            assertThat(balancer.counters().cancelled()).isOne();
        }
    }
}
