package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that two servers could understand differently, byte by byte: none of them reaches a backend. */
class RefusedRequestsTest {
    private static RawServer server;
    private static Balancer balancer;

    @BeforeAll
    static void start() {
        server = RawServer.saying("served");
        balancer = Balancer.before(server);
    }

    @AfterAll
    static void stop() {
        balancer.close();
        server.close();
    }

    static Stream<Arguments> requests() {
        var long1 = "a".repeat(20_000);
        return Stream.of(
                // row 1: Host
                arguments("1.1 without Host", "GET / HTTP/1.1\r\n\r\n", 400),
                arguments("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
                arguments("two equal Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400),
                arguments("empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
                arguments("Host with path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
                arguments("Host with user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400),
                arguments("Host with space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
                arguments("Host list", "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", 400),
                arguments("Host with odd port", "GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n", 400),
                arguments("Host with huge port", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", 400),
                arguments("Host with two ports", "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n", 400),
                arguments("unclosed IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400),
                arguments("1.0 with two Hosts", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400),
                // row 2: absolute form does not replace Host
                arguments("absolute form without Host", "GET http://a/ HTTP/1.1\r\n\r\n", 400),
                arguments("absolute form with user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("absolute form without host", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("other scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                // row 3: obs-fold
                arguments("folded value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", 400),
                arguments(
                        "folded coding",
                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
                        400),
                arguments("fold by tab", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\t2\r\n\r\n", 400),
                arguments("space before first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400),
                // row 4: Transfer-Encoding
                arguments("gzip, chunked", post("Transfer-Encoding: gzip, chunked"), 501),
                arguments("chunked, gzip", post("Transfer-Encoding: chunked, gzip"), 501),
                arguments("xchunked", post("Transfer-Encoding: xchunked"), 501),
                arguments("identity", post("Transfer-Encoding: identity"), 501),
                arguments("chunked twice in one", post("Transfer-Encoding: chunked, chunked"), 501),
                arguments("quoted chunked", post("Transfer-Encoding: \"chunked\""), 501),
                arguments("empty coding", post("Transfer-Encoding:"), 501),
                arguments("vertical tab before coding", post("Transfer-Encoding: \u000bchunked"), 400),
                arguments("coding twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400),
                arguments("coding and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5"), 400),
                arguments("length and coding", post("Content-Length: 5\r\nTransfer-Encoding: chunked"), 400),
                arguments(
                        "coding in 1.0",
                        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400),
                // row 5 and names
                arguments("empty name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400),
                arguments("space before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
                arguments("tab before colon", "GET / HTTP/1.1\r\nHost: a\r\nX\t: a\r\n\r\n", 400),
                arguments("space in name", "GET / HTTP/1.1\r\nHost: a\r\nX Y: a\r\n\r\n", 400),
                arguments("name with parenthesis", "GET / HTTP/1.1\r\nHost: a\r\nX(): a\r\n\r\n", 400),
                arguments("name of non-ASCII", "GET / HTTP/1.1\r\nHost: a\r\n\u00e4: a\r\n\r\n", 400),
                arguments("line without colon", "GET / HTTP/1.1\r\nHost: a\r\nnothing\r\n\r\n", 400),
                // control characters
                arguments("NUL in value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400),
                arguments("DEL in value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\u007fb\r\n\r\n", 400),
                arguments("bare CR in value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400),
                arguments("bare LF after line", "GET / HTTP/1.1\nHost: a\n\n", 400),
                arguments("bare LF after field", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400),
                arguments("bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400),
                arguments("CR CR LF", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400),
                arguments("leading NUL", "\0GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("two leading empty lines", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("leading LF", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("leading space", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("TLS hello", "\u0016\u0003\u0001\u0002\u0000\u0001", 400),
                // row 6: target
                arguments("control in target", "GET /\u0001 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("fragment in target", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("non-ASCII in target", "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("quote in target", "GET /\" HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("space in target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("target without slash", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("asterisk for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                // row 7: request line
                arguments("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("tab", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("space before version end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400),
                arguments("two spaces before version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("no version", "GET /\r\nHost: a\r\n\r\n", 400),
                arguments("method of no token", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400),
                // row 8 and other lengths
                arguments("+5", post("Content-Length: +5"), 400),
                arguments("-5", post("Content-Length: -5"), 400),
                arguments("0x5", post("Content-Length: 0x5"), 400),
                arguments("5, 5", post("Content-Length: 5, 5"), 400),
                arguments("empty length", post("Content-Length:"), 400),
                arguments("5 5", post("Content-Length: 5 5"), 400),
                arguments("overflowing length", post("Content-Length: 99999999999999999999"), 400),
                arguments("two lengths", post("Content-Length: 5\r\nContent-Length: 6"), 400),
                arguments("two equal lengths", post("Content-Length: 5\r\nContent-Length: 5"), 400),
                // row 9: versions
                arguments("HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
                arguments("HTTP/9.9", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505),
                arguments("HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400),
                arguments("HTTP/1", "GET / HTTP/1\r\nHost: a\r\n\r\n", 400),
                arguments("http/1.1", "GET / http/1.1\r\nHost: a\r\n\r\n", 400),
                arguments("HTTPS/1.1", "GET / HTTPS/1.1\r\nHost: a\r\n\r\n", 400),
                // row 10
                arguments("unknown expectation", post("Content-Length: 5\r\nExpect: 200-maybe"), 417),
                // row 11: nominations
                arguments("nominates Host", get("Connection: close, Host"), 400),
                arguments("nominates Content-Length", post("Content-Length: 5\r\nConnection: content-length"), 400),
                arguments("nominates Transfer-Encoding", get("Connection: Transfer-Encoding"), 400),
                arguments("nominates Authorization", get("Connection: authorization"), 400),
                arguments("nominates Cookie", get("Connection: cookie"), 400),
                arguments("nominates X-Forwarded-For", get("Connection: X-Forwarded-For"), 400),
                arguments("nominates X-Forwarded-Anything", get("Connection: x-forwarded-anything"), 400),
                arguments("nominates X-Request-Id", get("Connection: X-Request-Id"), 400),
                arguments("nominates in disguise", get("Connection: X_Forwarded_For"), 400),
                arguments("Connection of no tokens", get("Connection: a b"), 400),
                // row 13: methods
                arguments("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 501),
                arguments("TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
                // row 27: singletons and counts
                arguments("two Authorizations", get("Authorization: a\r\nAuthorization: b"), 400),
                arguments(
                        "two Content-Types", post("Content-Length: 5\r\nContent-Type: a/b\r\nContent-Type: c/d"), 400),
                arguments("101 fields", get("X: y\r\n".repeat(99) + "X: y"), 431),
                // sizes
                arguments("long target", "GET /" + long1 + " HTTP/1.1\r\nHost: a\r\n\r\n", 414),
                arguments("long field", get("X: " + long1), 431));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void isRefusedAndReachesNobody(String name, String request, int status) throws IOException {
        int served = server.requests().size();

        try (var client = balancer.client()) {
            // what stands behind the request would be answered, were the connection not closed
            client.send(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            var answer = client.message();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(answer.body()).startsWith(status + " ").hasSizeGreaterThan(20);
            assertThat(client.rest()).isEmpty();
        }
        assertThat(server.requests()).hasSize(served);
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                arguments("0x prefix", "0x5\r\nhello\r\n0\r\n\r\n"),
                arguments("plus", "+5\r\nhello\r\n0\r\n\r\n"),
                arguments("minus", "-5\r\nhello\r\n0\r\n\r\n"),
                arguments("space after size", "5 \r\nhello\r\n0\r\n\r\n"),
                arguments("space and letter", "5 x\r\nhello\r\n0\r\n\r\n"),
                arguments("leading space", " 5\r\nhello\r\n0\r\n\r\n"),
                arguments("empty size", "\r\nhello\r\n0\r\n\r\n"),
                arguments("extension without size", ";a\r\nhello\r\n0\r\n\r\n"),
                arguments("bare LF after size", "5\nhello\r\n0\r\n\r\n"),
                arguments("bare LF after data", "5\r\nhello\n0\r\n\r\n"),
                arguments("bare CR in extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
                arguments("bare LF in extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
                arguments("data longer than size", "3\r\nhello\r\n0\r\n\r\n"),
                arguments("overflow", "1000000000000000\r\nhello\r\n0\r\n\r\n"),
                arguments("leading zeros without end", "0".repeat(20) + "5\r\nhello\r\n0\r\n\r\n"),
                arguments("extensions without end", "5;" + "a".repeat(5000) + "\r\nhello\r\n0\r\n\r\n"),
                arguments("bare LF at the end", "0\r\n\n"),
                arguments("trailer without colon", "0\r\nnothing\r\n\r\n"),
                arguments("trailer with space in name", "0\r\na b: c\r\n\r\n"),
                arguments("folded trailer", "0\r\na: b\r\n c\r\n\r\n"),
                arguments("trailer with NUL", "0\r\na: \0\r\n\r\n"),
                arguments("trailers without end", "0\r\na: " + "b".repeat(9000) + "\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void brokenChunksEndTheConnectionAndNeverTheBody(String name, String body) throws IOException {
        int served = server.requests().size();

        try (var client = balancer.client()) {
            client.send(post("Transfer-Encoding: chunked") + body + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            var answer = client.message();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
        }
        assertThat(server.requests()).hasSize(served);
    }

    private static String get(String fields) {
        return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n";
    }

    private static String post(String fields) {
        return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n";
    }
}
