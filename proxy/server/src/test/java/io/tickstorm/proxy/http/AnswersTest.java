package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tickstorm.proxy.endpoint.FailureKind;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shapes an answer can have, and the ones it must not have. */
class AnswersTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("no HTTP", "SSH-2.0-OpenSSH_9.6\r\n\r\n"),
                arguments("HTTP/2", "HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n"),
                arguments("two digits", "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n"),
                arguments("four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"),
                arguments("status 600", "HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n"),
                arguments("status 099", "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n"),
                arguments("bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
                arguments("bare LF in fields", "HTTP/1.1 200 OK\r\nA: b\nContent-Length: 0\r\n\r\n"),
                arguments("bare CR", "HTTP/1.1 200 OK\r\nA: b\rc\r\nContent-Length: 0\r\n\r\n"),
                arguments("NUL", "HTTP/1.1 200 OK\r\nA: \0\r\nContent-Length: 0\r\n\r\n"),
                arguments("folded", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n"),
                arguments("space before colon", "HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n"),
                arguments("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n"),
                arguments("length of no number", "HTTP/1.1 200 OK\r\nContent-Length: +0\r\n\r\n"),
                arguments(
                        "length and coding",
                        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                arguments("gzip", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx"),
                arguments("gzip, chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                arguments("chunked in 1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                arguments("101 unasked", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
                arguments("201 fields", "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(201) + "\r\n"),
                arguments("huge head", "HTTP/1.1 200 OK\r\nA: " + "b".repeat(20_000) + "\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void aMalformedAnswerBecomesA502(String name, String answer) throws IOException {
        try (var server = RawServer.answering(request -> answer);
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(GET);
            var got = client.message();

            assertThat(got.status()).isEqualTo(502);
            assertThat(got.body()).contains("malformed");
            assertThat(server.requests()).as("nobody is asked again").hasSize(1);
            assertThat(balancer.counters().flaws()).isOne();
            assertThat(balancer.counters().failures(FailureKind.BAD_RESPONSE)).isOne();
        }
    }

    @Test
    void malformedChunksCutTheAnswer() {
        try (var server = RawServer.answering(request ->
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx\r\n0\r\n\r\n");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(GET);

            assertThat(client.restOrReset()).endsWith("+RESET").doesNotContain("0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 7\r\n", "Transfer-Encoding: chunked\r\n", ""})
    void answersToHeadHaveNoBodyAndKeepTheConnection(String framing) throws IOException {
        try (var server = RawServer.answering(request -> "HTTP/1.1 200 OK\r\nDate: d\r\n" + framing + "\r\n");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            for (int i = 0; i < 3; i++) {
                client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
                var answer = client.message(true);
                assertThat(answer.head()).containsIgnoringCase(framing);
            }
            assertThat(server.connections()).isOne();
        }
    }

    @Test
    void a204HasNoLengthAndA304KeepsIts() throws IOException {
        try (var server = RawServer.answering(request -> request.startLine().contains("/204")
                        ? "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n"
                        : "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.message().head()).startsWith("HTTP/1.1 204").doesNotContainIgnoringCase("length");

            client.send("GET /304 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.message().head()).startsWith("HTTP/1.1 304").contains("Content-Length: 5");

            client.send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.message().status()).isEqualTo(204);
            assertThat(server.connections()).isOne();
        }
    }

    @Test
    void aBodyBehindA204IsNoAnswerToTheNextRequest() throws IOException {
        try (var server = RawServer.answering(
                        request -> "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(GET);
            assertThat(client.message().status()).isEqualTo(204);
            client.send(GET);
            assertThat(client.message().status()).isEqualTo(204);
        }
    }

    @Test
    void interimAnswersPassAndAreNotTheAnswer() throws IOException {
        try (var server = RawServer.answering(
                        request -> "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 9\r\n\r\n"
                                + "HTTP/1.1 100 Continue\r\n\r\n" + ok("done"));
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            for (int i = 0; i < 3; i++) {
                client.send(GET);
                var hints = client.message();
                assertThat(hints.head()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                assertThat(client.message().body())
                        .as("a 100 that nobody asked for is left out")
                        .isEqualTo("done");
            }
        }
    }

    @Test
    void theClientThatExpectsA100GetsTheUpstreams() throws IOException {
        try (var server = RawServer.with(connection -> {
                    var head = connection.wire().readUntil("\r\n\r\n");
                    connection.wire().send("HTTP/1.1 100 Continue\r\n\r\n");
                    connection
                            .wire()
                            .send(ok(head.contains("Expect: 100-continue")
                                    + new String(connection.wire().read(5))));
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.message().startLine()).isEqualTo("HTTP/1.1 100 Continue");

            client.send("hello");

            assertThat(client.message().body()).isEqualTo("truehello");
        }
    }

    @Test
    void theClientThatExpectsA100MayGetTheFinalAnswer() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().readUntil("\r\n\r\n");
                    connection.wire().send("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno");
                    connection.wire().read();
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            var answer = client.message();

            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.field("connection")).as("the body was never sent").isEqualTo("close");
            assertThat(client.read()).isEqualTo(-1);
        }
    }

    @Test
    void anEarlyAnswerReachesAClientThatIsStillSending() throws Exception {
        try (var server = RawServer.with(connection -> {
                    connection.wire().readUntil("\r\n\r\n");
                    connection.wire().send("HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nlarge");
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n");
            client.send(new byte[300_000]);
            var answer = client.message();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo("large");
            assertThat(answer.field("connection")).isEqualTo("close");
        }
    }

    @Test
    void aClientThatEndsItsSideHasLeft() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().read();
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(GET);
            Balancer.await("the request runs", () -> balancer.inFlight() == 1 && server.open() == 1);

            client.endOutput();

            assertThat(client.rest()).isEmpty();
            Balancer.await("the upstream's connection closes", () -> server.open() == 0);
        }
    }

    @Test
    void bothSidesMaySpeakAtOnce() throws IOException {
        try (var server = RawServer.with(connection -> {
                    var wire = connection.wire();
                    wire.readUntil("\r\n\r\n");
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
                    for (int i = 0; i < 6; i++) {
                        wire.send(wire.read(1));
                    }
                    wire.read();
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 OK");
            for (byte b : "echoed".getBytes()) {
                client.send(new byte[] {b});
                assertThat(client.read()).isEqualTo(b);
            }
        }
    }

    @Test
    void eventsArriveWhenTheyAreSent() throws IOException {
        var next = new SynchronousQueue<String>();
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection
                            .wire()
                            .send(
                                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (var event = take(next); !event.isEmpty(); event = take(next)) {
                        connection.wire().send(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
                    }
                    connection.wire().send("0\r\n\r\n");
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(GET);
            client.readUntil("\r\n\r\n");
            for (int i = 0; i < 5; i++) {
                var event = "data: " + i + "\n\n";
                put(next, event);
                assertThat(client.readUntil("\n\n\r\n")).contains(event);
            }
            put(next, "");
            assertThat(client.readUntil("0\r\n\r\n")).isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void answersOfOneUpstreamDoNotWaitForAnother() throws IOException {
        var release = new CountDownLatch(1);
        try (var slow = RawServer.with(connection -> {
                    connection.wire().message();
                    await(release);
                    connection.wire().send(ok("slow"));
                });
                var balancer = Balancer.before(slow);
                var first = balancer.client();
                var second = balancer.client()) {
            first.send(GET);
            second.send(GET);
            Balancer.await("both run at once", () -> balancer.inFlight() == 2);
            release.countDown();

            assertThat(first.message().body()).isEqualTo("slow");
            assertThat(second.message().body()).isEqualTo("slow");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String take(SynchronousQueue<String> queue) {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void put(SynchronousQueue<String> queue, String event) {
        try {
            queue.put(event);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
