package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import io.tickstorm.proxy.endpoint.Endpoint;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of HTTP/1.1 before servers of HTTP/2. */
class Http2UpstreamTest {
    private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: example.org\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";

    static Balancer before(StreamServer... servers) {
        return Balancer.with("{protocol: HTTP2}")
                .before(Arrays.stream(servers).map(StreamServer::endpoint).toArray(Endpoint[]::new));
    }

    @Test
    void aRequestAndItsAnswerPass() throws IOException {
        try (var server = StreamServer.with(
                        stream -> stream.headers(StreamServer.ok().add("x-of", "server"), false)
                                .data("hello", true));
                var balancer = before(server);
                var client = balancer.client()) {
            client.send("GET /a?b=c HTTP/1.1\r\nHost: example.org\r\nX-Custom: 1\r\nConnection: keep-alive\r\n\r\n");
            var answer = client.message();

            assertThat(answer.startLine()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(answer.field("x-of")).isEqualTo("server");
            assertThat(answer.field("connection")).isNull();
            assertThat(answer.body()).isEqualTo("hello");
            var seen = server.lastRequest();
            assertThat(seen.head().method()).hasToString("GET");
            assertThat(seen.head().path()).hasToString("/a?b=c");
            assertThat(seen.head().scheme()).hasToString("http");
            assertThat(seen.head().authority()).hasToString("example.org");
            assertThat(seen.field("x-custom")).isEqualTo("1");
            assertThat(seen.field("x-forwarded-for")).isEqualTo("127.0.0.1");
            assertThat(seen.field("connection")).isNull();
            assertThat(seen.field("host")).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\n\r\nhello",
                "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
            })
    void bodiesPass(String framed) throws IOException {
        try (var server = StreamServer.with(stream -> stream.answer("got " + stream.body()));
                var balancer = before(server);
                var client = balancer.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framed);

            assertThat(client.message().body()).isEqualTo("got hello");
            assertThat(server.lastRequest().field("transfer-encoding")).isNull();
            assertThat(server.resets()).isZero();
        }
    }

    @Test
    void trailersPassBothWays() throws IOException {
        try (var server = StreamServer.with(stream -> stream.headers(StreamServer.ok(), false)
                        .data("x", false)
                        .headers(new DefaultHttp2Headers().add("x-sum", "2").add("set-cookie", "a=b"), true));
                var balancer = before(server);
                var client = balancer.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "1\r\na\r\n0\r\nX-Sum: 1\r\nHost: evil\r\n\r\n");
            client.readUntil("\r\n\r\n");

            assertThat(client.readUntil("\r\n\r\n")).isEqualTo("1\r\nx\r\n0\r\nx-sum: 2\r\n\r\n");
            var seen = server.lastRequest();
            assertThat(seen.trailers()).hasToString("DefaultHttp2Headers[x-sum: 1]");
            assertThat(seen.field("te")).isEqualTo("trailers");
        }
    }

    @Test
    void answersWithoutBodyStayWithoutOne() throws IOException {
        try (var server = StreamServer.with(stream -> stream.headers(
                        new DefaultHttp2Headers().status(stream.head().path().subSequence(1, 4)), true));
                var balancer = before(server);
                var client = balancer.client()) {
            client.send("GET /200 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.message().field("content-length")).isEqualTo("0");
            client.send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.message().head()).startsWith("HTTP/1.1 204 ").doesNotContain("content-length", "chunked");
            client.send("GET /304 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.message().head()).startsWith("HTTP/1.1 304 ").doesNotContain("content-length", "chunked");
            client.send("HEAD /200 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.message(true).head()).doesNotContain("content-length", "chunked");
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(server.resets()).isZero();
        }
    }

    @Test
    void manyRequestsShareOneConnection() throws Exception {
        int requests = 100;
        var all = new CountDownLatch(requests);
        var answers = new CompletableFuture<Void>();
        try (var server = StreamServer.with(stream -> {
                    answers.thenRun(() -> stream.channel().eventLoop().execute(() -> stream.answer("x")));
                    all.countDown();
                });
                var balancer = before(server)) {
            var clients = IntStream.range(0, requests)
                    .mapToObj(i -> balancer.client())
                    .toList();
            clients.forEach(client -> client.send(GET));
            all.await();
            answers.complete(null);
            for (var client : clients) {
                assertThat(client.message().body()).isEqualTo("x");
                client.close();
            }

            // one for each event loop
            assertThat(server.accepted()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void whatDoesNotFitOnOneConnectionTakesMore() throws Exception {
        int requests = 40;
        var all = new CountDownLatch(requests);
        var answers = new CompletableFuture<Void>();
        try (var server = StreamServer.with(Http2Settings.defaultSettings().maxConcurrentStreams(10), stream -> {
                    answers.thenRun(() -> stream.channel().eventLoop().execute(() -> stream.answer("x")));
                    all.countDown();
                });
                var balancer = before(server)) {
            var clients = IntStream.range(0, requests)
                    .mapToObj(i -> balancer.client())
                    .toList();
            clients.forEach(client -> client.send(GET));
            all.await();
            answers.complete(null);
            for (var client : clients) {
                assertThat(client.message().body()).isEqualTo("x");
                client.close();
            }

            assertThat(server.accepted()).isBetween(4, 8);
            assertThat(balancer.counters().retries()).isZero();
        }
    }

    @Test
    void withALimitOnConnectionsRequestsShareThem() throws Exception {
        int requests = 20;
        try (var server = StreamServer.with(
                        Http2Settings.defaultSettings().maxConcurrentStreams(1), stream -> stream.answer("x"));
                var balancer = Balancer.with(
                                "{protocol: HTTP2, limits: {connections: 1, requests: 1, queue: {size: 100, timeout: 10s}}}")
                        .before(server.endpoint())) {
            var clients = IntStream.range(0, requests)
                    .mapToObj(i -> balancer.client())
                    .toList();
            clients.forEach(client -> client.send(GET));
            for (var client : clients) {
                assertThat(client.message().status()).isEqualTo(200);
                client.close();
            }

            assertThat(server.open()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"REFUSED_STREAM", "GOAWAY"})
    void whatWasNotBegunGoesElsewhereWhateverItIs(String how) throws IOException {
        var refused = new AtomicInteger();
        try (var refusing = StreamServer.with(stream -> {
                    refused.incrementAndGet();
                    if (how.equals("GOAWAY")) {
                        stream.goAway(0);
                    } else {
                        stream.reset(Http2Error.REFUSED_STREAM);
                    }
                });
                var serving = StreamServer.with(stream -> stream.answer("got " + stream.body()));
                var balancer = before(refusing, serving);
                var client = balancer.client()) {
            for (int i = 0; i < 10; i++) {
                client.send(POST);
                assertThat(client.message().body()).isEqualTo("got hello");
            }

            assertThat(refused).hasPositiveValue();
            assertThat(serving.requests()).hasSize(10);
        }
    }

    @Test
    void aPostWhoseStreamWasResetIsNotRepeated() throws IOException {
        var seen = new AtomicInteger();
        try (var resetting = StreamServer.with(stream -> {
                    seen.incrementAndGet();
                    stream.reset(Http2Error.INTERNAL_ERROR);
                });
                var balancer = before(resetting);
                var client = balancer.client()) {
            client.send(POST);

            assertThat(client.message().status()).isEqualTo(502);
            assertThat(seen).hasValue(1);
        }
    }

    @Test
    void anAnswerThatIsResetIsCut() {
        try (var server = StreamServer.with(stream -> {
                    stream.headers(StreamServer.ok().add("content-length", "5"), false)
                            .data("hello", false);
                    stream.reset(Http2Error.CANCEL);
                });
                var balancer = before(server);
                var client = balancer.client()) {
            client.send(GET);

            assertThat(client.restOrReset()).endsWith("+RESET");
        }
    }

    @Test
    void whoDoesNotSpeakItCannotBeConnectedTo() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().readUntil("\r\n\r\n");
                    connection.wire().send("HTTP/1.1 400 Bad Request\r\n\r\n");
                });
                var balancer = Balancer.with("{protocol: HTTP2}").before(server);
                var client = balancer.client()) {
            client.send(POST);

            var answer = client.message();

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("the server does not speak HTTP/2");
        }
    }
}
