package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream answers that it cannot serve: another one may. */
class StatusRetryTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
    private static final String KEYED =
            "POST / HTTP/1.1\r\nHost: a\r\nIdempotency-Key: \"7\"\r\nContent-Length: 5\r\n\r\nhello";
    private static final int ROUNDS = 6;

    @ParameterizedTest
    @ValueSource(ints = {502, 503, 504})
    void aSafeRequestGoesElsewhere(int status) throws IOException {
        try (var failing = RawServer.answering(request -> answer(status, "no"));
                var server = RawServer.saying("served");
                var balancer = Balancer.before(failing, server);
                var client = balancer.client()) {
            for (int i = 0; i < ROUNDS; i++) {
                client.send(GET);

                assertThat(client.message().body()).isEqualTo("served");
            }
            assertThat(failing.requests()).isNotEmpty();
            assertThat(failing.connections()).as("its connection goes on").isOne();
            assertThat(balancer.counters().retries())
                    .isEqualTo(failing.requests().size());
            assertThat(balancer.counters().responses(5)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 501, 505})
    void otherAnswersPass(int status) throws IOException {
        try (var failing = RawServer.answering(request -> answer(status, "no"));
                var other = RawServer.answering(request -> answer(status, "no"));
                var balancer = Balancer.before(failing, other);
                var client = balancer.client()) {
            client.send(GET);

            assertThat(client.message().status()).isEqualTo(status);
            assertThat(balancer.counters().retries()).isZero();
        }
    }

    @Test
    void anUnsafeRequestGetsTheAnswer() throws IOException {
        try (var one = RawServer.answering(request -> answer(503, "one"));
                var other = RawServer.answering(request -> answer(503, "other"));
                var balancer = Balancer.before(one, other);
                var client = balancer.client()) {
            client.send(POST);

            assertThat(client.message().status()).isEqualTo(503);
            assertThat(one.requests().size() + other.requests().size()).isOne();
        }
    }

    @Test
    void anIdempotencyKeyMakesARequestRepeatableWhereThatIsWanted() throws IOException {
        try (var failing = RawServer.answering(request -> answer(503, "no"));
                var server = RawServer.answering(request -> ok(request.body()));
                var balancer = Balancer.with("retries: {idempotencyKey: true}").before(failing, server);
                var client = balancer.client()) {
            for (int i = 0; i < ROUNDS; i++) {
                client.send(KEYED);
                assertThat(client.message().body()).isEqualTo("hello");
            }
            assertThat(failing.requests()).isNotEmpty();
        }
    }

    @Test
    void anIdempotencyKeyMeansNothingByItself() throws IOException {
        try (var failing = RawServer.answering(request -> answer(503, "no"));
                var other = RawServer.answering(request -> answer(503, "no"));
                var balancer = Balancer.before(failing, other);
                var client = balancer.client()) {
            client.send(KEYED);

            assertThat(client.message().status()).isEqualTo(503);
            assertThat(balancer.counters().retries()).isZero();
        }
    }

    @Test
    void theLastRealAnswerPassesAsItIs() throws IOException {
        try (var one = RawServer.answering(request -> answer(503, "one is full"));
                var other = RawServer.answering(request -> answer(503, "other is full"));
                var balancer = Balancer.before(one, other);
                var client = balancer.client()) {
            client.send(GET);
            var answer = client.message();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.field("x-of")).isEqualTo("test");
            assertThat(answer.body()).endsWith("is full");
            assertThat(one.requests()).hasSize(1);
            assertThat(other.requests()).hasSize(1);

            client.send(GET);
            assertThat(client.message().status()).as("the connection goes on").isEqualTo(503);
        }
    }

    @Test
    void withoutABudgetTheAnswerPasses() throws IOException {
        try (var one = RawServer.answering(request -> answer(503, "no"));
                var other = RawServer.answering(request -> answer(503, "no"));
                var balancer = Balancer.with("retries: {budget: {percent: 0, minimum: 0}}")
                        .before(one, other);
                var client = balancer.client()) {
            client.send(GET);

            assertThat(client.message().status()).isEqualTo(503);
            assertThat(balancer.counters().retries()).isZero();
        }
    }

    @Test
    void anAnswerPutAsideSurvivesTheEndOfItsConnection() throws IOException {
        RawServer.Behaviour closing = connection -> {
            connection.wire().message();
            connection.wire().send("HTTP/1.1 503 Busy\r\n\r\nall of it");
        };
        try (var one = RawServer.with(closing);
                var other = RawServer.with(closing);
                var balancer = Balancer.before(one, other);
                var client = balancer.client()) {
            client.send(GET);
            var answer = client.message();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("all of it");
            assertThat(one.connections() + other.connections()).isEqualTo(2);
        }
    }

    @Test
    void aLongAnswerThatIsNotWantedCostsItsConnectionOnly() throws IOException {
        var body = "x".repeat(1_000_000);
        try (var failing = RawServer.answering(request -> answer(503, body));
                var server = RawServer.saying("served");
                var balancer = Balancer.before(failing, server);
                var client = balancer.client()) {
            for (int i = 0; i < ROUNDS; i++) {
                client.send(GET);
                assertThat(client.message().body()).isEqualTo("served");
            }
            assertThat(failing.connections()).isPositive();
        }
    }

    @Test
    void aLongAnswerThatNobodyBettersPassesWhole() throws IOException {
        var body = "x".repeat(1_000_000);
        try (var failing = RawServer.answering(request -> answer(503, body));
                var other = RawServer.answering(request -> answer(503, body));
                var balancer = Balancer.before(failing, other);
                var client = balancer.client()) {
            client.send(GET);

            assertThat(client.message().body()).isEqualTo(body);
        }
    }

    @Test
    void headHasNoBodyToDiscard() throws IOException {
        try (var failing = RawServer.answering(request -> "HTTP/1.1 503 Busy\r\ncontent-length: 10\r\n\r\n");
                var server = RawServer.answering(request -> "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n");
                var balancer = Balancer.before(failing, server);
                var client = balancer.client()) {
            for (int i = 0; i < ROUNDS; i++) {
                client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.message(true).status()).isEqualTo(200);
            }
            assertThat(failing.connections()).isOne();
        }
    }

    /** One says when it wants to be asked again; the other one breaks off; there is no third. */
    @Test
    void whoAskedToBeLeftAloneIsNotAskedAgain() throws IOException {
        try (var resting = RawServer.answering(
                        request -> "HTTP/1.1 503 Busy\r\nretry-after: 60\r\ncontent-length: 0\r\n\r\n");
                var closing = RawServer.with(connection -> connection.wire().message());
                var balancer = Balancer.before(resting, closing)) {
            for (int i = 0; i < ROUNDS; i++) {
                int before = resting.requests().size();
                try (var client = balancer.client()) {
                    client.send(GET);
                    assertThat(client.message().status()).isIn(502, 503);
                }
                assertThat(resting.requests().size() - before).isLessThanOrEqualTo(1);
            }
        }
    }

    private static String answer(int status, String body) {
        return "HTTP/1.1 " + status + " No\r\nx-of: test\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }
}
