package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields behind a body: RFC 9110 section 6.5. */
class TrailersTest {
    private static final String REQUEST = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";
    private static final String CHUNKS = "2\r\nab\r\n0\r\n";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n"
            + CHUNKS + "X-Sum: 1\r\nSet-Cookie: a=b\r\n\r\n";

    @Test
    void ofARequestTheyReachTheServer() throws IOException {
        try (var server = RawServer.with(connection -> {
                    var request = connection.wire().readUntil("ab\r\n0\r\n")
                            + connection.wire().readUntil("\r\n\r\n");
                    connection.wire().send(RawServer.ok(request));
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(REQUEST + "Trailer: x-sum\r\nTE: deflate, trailers\r\nConnection: TE\r\n\r\n" + CHUNKS
                    + "X-Sum: 1\r\nAuthorization: Basic eA==\r\n\r\n");

            var seen = client.message().body();

            assertThat(seen).contains("\r\nTrailer: x-sum\r\n", "\r\nte: trailers\r\n", "\r\nconnection: te\r\n");
            assertThat(seen).doesNotContainIgnoringCase("deflate").endsWith("\r\n\r\n" + CHUNKS + "X-Sum: 1\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 1000})
    void ofAnAnswerTheyReachTheClientThatTakesThem(int piece) throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    for (int at = 0; at < ANSWER.length(); at += piece) {
                        connection.wire().send(ANSWER.substring(at, Math.min(ANSWER.length(), at + piece)));
                    }
                    connection.wire().message();
                    connection.wire().send(RawServer.ok("next"));
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE\r\n\r\n");

            assertThat(client.readUntil("\r\n\r\n")).contains("\r\nTrailer: x-sum\r\n");
            assertThat(client.readUntil("\r\n\r\n")).isEqualTo(CHUNKS + "X-Sum: 1\r\n\r\n");
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.message().body()).isEqualTo("next");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "TE: gzip\r\n", "TE: trailers;q=0\r\n"})
    void whoDoesNotAskForThemGetsNone(String field) throws IOException {
        try (var server = RawServer.answering(request -> ANSWER);
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n");

            var answer = client.message();

            assertThat(answer.head()).doesNotContainIgnoringCase("trailer");
            assertThat(answer.body()).isEqualTo("ab");
            assertThat(server.lastRequest().field("te")).isNull();
        }
    }

    @Test
    void whereConnectionNamesAFieldAllOfThemGo() throws IOException {
        var answer = ANSWER.replace("Trailer", "Connection: x-sum\r\nTrailer");
        try (var server = RawServer.answering(request -> answer);
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(REQUEST + "TE: trailers\r\nConnection: TE, x-sum\r\n\r\n" + CHUNKS + "X-Sum: 1\r\n\r\n");

            var got = client.message();

            assertThat(got.head()).doesNotContainIgnoringCase("x-sum");
            assertThat(got.body()).isEqualTo("ab");
            assertThat(server.lastRequest().body()).isEqualTo("ab");
        }
    }

    @Test
    void anAnswerCutInItsTrailersIsNotWhole() {
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send(ANSWER.substring(0, ANSWER.length() - connection.number() - 1));
                });
                var balancer = Balancer.before(server)) {
            for (int cut = 0; cut < 28; cut++) {
                try (var client = balancer.client()) {
                    client.send("POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nContent-Length: 0\r\n\r\n");

                    assertThat(client.restOrReset()).endsWith("+RESET").doesNotContain("0\r\n\r\n", "X-Sum: 1\r\n\r\n");
                }
            }
        }
    }
}
