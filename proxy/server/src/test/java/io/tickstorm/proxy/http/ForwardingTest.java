package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backend gets to see of a request, and a client of an answer. */
class ForwardingTest {
    private RawServer server;
    private Balancer balancer;
    private Wire client;
    private String answer = ok("hello");

    @BeforeEach
    void start() {
        server = RawServer.answering(request -> answer);
        balancer = Balancer.before(server);
        client = balancer.client();
    }

    @AfterEach
    void stop() {
        client.close();
        balancer.close();
        server.close();
    }

    private Wire.Message forwarded(String request) throws IOException {
        client.send(request);
        assertThat(client.message().status()).isEqualTo(200);
        return server.lastRequest();
    }

    private static String get(String fields) {
        return "GET /a?b=c HTTP/1.1\r\nHost: example.org:8080\r\n" + fields + "\r\n";
    }

    @Test
    void requestsKeepLineFieldsAndHost() throws IOException {
        var seen = forwarded(get("Accept: */*\r\nX-Odd:  two  words \r\n"));

        assertThat(seen.startLine()).isEqualTo("GET /a?b=c HTTP/1.1");
        assertThat(seen.field("host")).isEqualTo("example.org:8080");
        assertThat(seen.field("accept")).isEqualTo("*/*");
        assertThat(seen.field("x-odd")).isEqualTo("two  words");
    }

    @Test
    void whoAskedIsWrittenByUsAlone() throws IOException {
        var seen = forwarded(
                get(
                        "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Proto: https\r\n"
                                + "X-Forwarded-Port: 1\r\nX-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\n"));

        assertThat(seen.field("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(seen.field("x-forwarded-proto")).isEqualTo("http");
        assertThat(seen.field("x-forwarded-host")).isEqualTo("example.org:8080");
        assertThat(seen.field("via")).isEqualTo("1.1 tickstorm");
        assertThat(seen.head()).doesNotContain("6.6.6.6").doesNotContain("evil").doesNotContainIgnoringCase("port:");
    }

    @Test
    void viaOfEarlierProxiesStaysInFront() throws IOException {
        var seen = forwarded(get("Via: 1.0 fred\r\n"));

        assertThat(seen.head()).containsSubsequence("Via: 1.0 fred\r\n", "via: 1.1 tickstorm\r\n");
    }

    @Test
    void aUsableRequestIdIsKept() throws IOException {
        assertThat(forwarded(get("X-Request-Id: 4f-A_b.1~+/=:\r\n")).field("x-request-id"))
                .isEqualTo("4f-A_b.1~+/=:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "<script>", "a,b"})
    void anUnusableRequestIdIsReplaced(String id) throws IOException {
        assertThat(forwarded(get("X-Request-Id: " + id + "\r\n")).field("x-request-id"))
                .matches("[0-9a-f]{32}");
    }

    @Test
    void aRequestIdIsMadeForEachRequest() throws IOException {
        var one = forwarded(get("")).field("x-request-id");
        var other = forwarded(get("X-Request-Id: " + "x".repeat(129) + "\r\n")).field("x-request-id");

        assertThat(one).matches("[0-9a-f]{32}").isNotEqualTo(other);
        assertThat(other).matches("[0-9a-f]{32}");
    }

    @Test
    void hopByHopFieldsGo() throws IOException {
        var seen =
                forwarded(get("Connection: keep-alive, X-Hop, te,,\r\nX-Hop: 1\r\nx-hop: 2\r\nKeep-Alive: timeout=5\r\n"
                        + "Proxy-Connection: keep-alive\r\nTE: gzip\r\nTrailer: X\r\nProxy-Authorization: Basic eA==\r\n"
                        + "X-Stays: 1\r\n"));

        assertThat(seen.head())
                .doesNotContainIgnoringCase("x-hop")
                .doesNotContainIgnoringCase("connection:")
                .doesNotContainIgnoringCase("keep-alive")
                .doesNotContainIgnoringCase("\nte:")
                .doesNotContainIgnoringCase("trailer")
                .doesNotContainIgnoringCase("proxy-")
                .contains("X-Stays: 1\r\n");
    }

    @Test
    void h2cIsNotOffered() throws IOException {
        var seen = forwarded(
                get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"));

        assertThat(seen.head()).doesNotContainIgnoringCase("upgrade").doesNotContainIgnoringCase("http2");
    }

    @Test
    void lengthsAreWrittenAsPlainNumbers() throws IOException {
        var seen = forwarded("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhello");

        assertThat(seen.head()).contains("content-length: 5\r\n").doesNotContain("005");
        assertThat(seen.body()).isEqualTo("hello");
    }

    @Test
    void chunksPass() throws IOException {
        var seen = forwarded("POST / HTTP/1.1\r\nHost: a\r\nTRANSFER-ENCODING: Chunked\r\n\r\n"
                + "5;ext=\"q\"\r\nhello\r\nA\r\n0123456789\r\n0\r\nHost: evil\r\n\r\n");

        assertThat(seen.body()).isEqualTo("hello0123456789");
        assertThat(seen.head()).contains("transfer-encoding: chunked\r\n").doesNotContain("Chunked");
        assertThat(forwarded(get("")).field("host")).isEqualTo("example.org:8080");
    }

    @Test
    void absoluteFormBecomesOriginFormAndItsAuthorityTheHost() throws IOException {
        var seen = forwarded("GET http://other.example/x?y HTTP/1.1\r\nHost: first.example\r\n\r\n");

        assertThat(seen.startLine()).isEqualTo("GET /x?y HTTP/1.1");
        assertThat(seen.field("host")).isEqualTo("other.example");
        assertThat(seen.field("x-forwarded-host")).isEqualTo("other.example");
        assertThat(seen.head()).doesNotContain("first.example");
    }

    @Test
    void absoluteFormWithoutPathGetsOne() throws IOException {
        assertThat(forwarded("GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n").startLine())
                .isEqualTo("GET /?q HTTP/1.1");
    }

    @Test
    void whatBrowsersLeaveUnescapedPasses() throws IOException {
        assertThat(forwarded("GET /a|b?c={d}[e]^`\\ HTTP/1.1\r\nHost: a\r\n\r\n")
                        .startLine())
                .isEqualTo("GET /a|b?c={d}[e]^`\\ HTTP/1.1");
    }

    @Test
    void aHigherMinorVersionIsSpokenAsOurs() throws IOException {
        assertThat(forwarded("GET / HTTP/1.7\r\nHost: a\r\n\r\n").startLine()).isEqualTo("GET / HTTP/1.1");
    }

    @Test
    void anEmptyLineBeforeTheRequestIsIgnored() throws IOException {
        assertThat(forwarded("\r\nGET /e HTTP/1.1\r\nHost: a\r\n\r\n").startLine())
                .isEqualTo("GET /e HTTP/1.1");
    }

    @Test
    void optionsOfTheServerAreAnsweredHere() throws IOException {
        client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");

        var answered = client.message();

        assertThat(answered.status()).isEqualTo(200);
        assertThat(answered.field("allow")).contains("GET");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void optionsOfAResourceAreForwarded() throws IOException {
        assertThat(forwarded("OPTIONS /x HTTP/1.1\r\nHost: a\r\n\r\n").startLine())
                .isEqualTo("OPTIONS /x HTTP/1.1");
    }

    @Test
    void answersKeepStatusFieldsAndBody() throws IOException {
        answer = "HTTP/1.1 207 Multi-Status\r\nServer: x\r\nDate: then\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
                + "Content-Length: 3\r\n\r\nabc";
        client.send(get(""));

        assertThat(client.readUntil("abc")).isEqualTo(answer);
    }

    @Test
    void answersLoseHopByHopFieldsAndGetADate() throws IOException {
        answer = "HTTP/1.1 200 OK\r\nConnection: x-hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nTrailer: x\r\n"
                + "Upgrade: h2c\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n";
        client.send(get(""));

        assertThat(client.message().head())
                .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 0\r\ndate: Sat, 21 Nov 2026 06:05:04 GMT\r\n\r\n");
    }

    @Test
    void aMissingReasonIsRepaired() throws IOException {
        answer = "HTTP/1.1 299\r\nDate: d\r\nContent-Length: 0\r\n\r\n";
        client.send(get(""));

        assertThat(client.message().startLine()).isEqualTo("HTTP/1.1 299 ");
    }

    @Test
    void serverFailuresPassAsTheyAre() throws IOException {
        answer = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
        client.send(get(""));

        var answered = client.message();

        assertThat(answered.startLine()).isEqualTo("HTTP/1.1 503 Busy");
        assertThat(answered.body()).isEqualTo("busy");
        assertThat(balancer.backend().upstreams().getFirst().tally().failures()).isOne();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        server.close();
        balancer.close();
        server = RawServer.answering(request -> ok(request.startLine() + request.body()));
        balancer = Balancer.before(server);
        client = balancer.client();

        client.send(
                "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxyGET /3 HTTP/1.1\r\nHost: a\r\n\r\n"
                        + "POST /4 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nz\r\n0\r\n\r\n");

        assertThat(client.message().body()).isEqualTo("GET /1 HTTP/1.1");
        assertThat(client.message().body()).isEqualTo("POST /2 HTTP/1.1xy");
        assertThat(client.message().body()).isEqualTo("GET /3 HTTP/1.1");
        assertThat(client.message().body()).isEqualTo("POST /4 HTTP/1.1z");
    }

    @Test
    void connectionsAreUsedAgainOnBothSides() throws IOException {
        for (int i = 0; i < 5; i++) {
            forwarded(get(""));
        }

        assertThat(server.connections()).isOne();
        assertThat(balancer.listener().accepted()).isOne();
        assertThat(balancer.counters().requests()).isEqualTo(5);
        assertThat(balancer.counters().responses(2)).isEqualTo(5);
    }

    @Test
    void aClientThatAsksForTheCloseGetsIt() throws IOException {
        client.send(get("Connection: close\r\n"));

        assertThat(client.message().field("connection")).isEqualTo("close");
        assertThat(client.read()).isEqualTo(-1);
    }

    @Test
    void headsThatTrickleInAreRead() throws IOException {
        for (char c : get("X: y\r\n").toCharArray()) {
            client.send(String.valueOf(c));
        }

        assertThat(client.message().status()).isEqualTo(200);
        assertThat(server.lastRequest().field("x")).isEqualTo("y");
    }
}
