package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Requests and answers by HTTP/2, in single frames, before servers of HTTP/1.1. */
class Http2Test {
    @Test
    void aRequestReachesTheServerAsOneOfHttp1() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.get(1, "/a?b=c", "x-own", "1", "cookie", "a=1", "cookie", "b=2");

            var answer = client.answer(1);

            assertThat(answer.status()).isEqualTo("200");
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.field("content-length")).isEqualTo("5");
            assertThat(answer.whole()).isTrue();
            assertThat(server.lastRequest().head())
                    .startsWith("GET /a?b=c HTTP/1.1\r\nhost: a.example\r\nx-own: 1\r\n")
                    .contains("\r\ncookie: a=1; b=2\r\n")
                    .contains("\r\nvia: 2.0 tickstorm\r\n")
                    .contains("\r\nx-forwarded-for: 127.0.0.1\r\n")
                    .doesNotContain("transfer-encoding");
            assertThat(balancer.counters().http2Connections()).isOne();
        }
    }

    @Test
    void http1IsSpokenOnTheSamePort() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("P");
            client.send("RI");
            client.send("NT /x HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.message().body()).isEqualTo("hello");
            assertThat(server.lastRequest().startLine()).isEqualTo("PRINT /x HTTP/1.1");
        }
    }

    @Test
    void thePrefaceMayComeInPieces() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = Balancer.before(server);
                var wire = balancer.client()) {
            var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
            for (char c : preface.substring(0, 20).toCharArray()) {
                wire.send(String.valueOf(c));
            }
            wire.send(preface.substring(20));
            wire.send(Frames.frame(Frames.SETTINGS, 0, 0, new byte[0]));

            assertThat(wire.read(4)[3]).isEqualTo((byte) Frames.SETTINGS);
        }
    }

    @Test
    void aBodyOfUnknownLengthTravelsInChunksWithItsTrailers() throws IOException {
        try (var server = RawServer.with(connection -> {
                    var wire = connection.wire();
                    var head = wire.readUntil("\r\n\r\n");
                    assertThat(head).contains("transfer-encoding: chunked\r\n");
                    assertThat(wire.readUntil("x-sum: 7\r\n\r\n"))
                            .isEqualTo("3\r\nabc\r\n2\r\nde\r\n0\r\nx-sum: 7\r\n\r\n");
                    wire.send(ok("got it"));
                    wire.read();
                });
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.request(1, false, "POST", "/", "te", "trailers");
            client.data(1, false, "abc").data(1, false, "de").headers(1, true, "x-sum", "7");

            assertThat(client.answer(1).body()).isEqualTo("got it");
        }
    }

    @Test
    void anAnswerInChunksComesWithItsTrailers() throws IOException {
        try (var server = RawServer.answering(
                        request -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Mixed-Case: Y\r\n"
                                + "Connection: x-hop\r\nX-Hop: 1\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX-Sum: 7\r\n\r\n");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.get(1, "/", "te", "trailers");

            var answer = client.answer(1);

            assertThat(answer.body()).isEqualTo("hello world");
            assertThat(answer.field("x-mixed-case")).isEqualTo("Y");
            assertThat(answer.head().names().stream().map(CharSequence::toString))
                    .doesNotContain("transfer-encoding", "connection", "x-hop", "keep-alive");
            assertThat(answer.whole()).isTrue();
        }
    }

    @Test
    void streamsOfOneConnectionRunSideBySide() throws IOException {
        try (var server = RawServer.answering(request -> ok(request.startLine()));
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            for (int stream = 1; stream < 40; stream += 2) {
                client.get(stream, "/" + stream);
            }
            int last = 39;
            client.settled();
            client.get(last + 2, "/last");
            assertThat(client.answer(last + 2).body()).isEqualTo("GET /last HTTP/1.1");
            assertThat(balancer.counters().requests()).isEqualTo(21);
        }
    }

    @Test
    void answersWithoutABodyEndWithTheirHead() throws IOException {
        try (var server = RawServer.answering(request -> switch (request.startLine()) {
                    case "HEAD / HTTP/1.1" -> "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n";
                    case "GET /204 HTTP/1.1" -> "HTTP/1.1 204 No Content\r\n\r\n";
                    case "GET /304 HTTP/1.1" -> "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n";
                    default -> "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + ok("");
                });
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.request(1, true, "HEAD", "/");
            var head = client.answer(1);
            assertThat(head.field("content-length")).isEqualTo("5");
            assertThat(head.whole()).isTrue();
            assertThat(client.get(3, "/204").answer(3).whole()).isTrue();
            assertThat(client.get(5, "/304").answer(5).whole()).isTrue();
            client.get(7, "/early");
            var hints = client.next(Frames.HEADERS);
            assertThat(client.unpacked(hints).status()).hasToString("103");
            assertThat(hints.has(Frames.END_STREAM)).isFalse();
            assertThat(client.answer(7).status()).isEqualTo("200");
        }
    }

    @Test
    void anAnswerBeforeTheRequestEndedIsWholeAndThenTheStreamIsClosed() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().readUntil("\r\n\r\n");
                    connection.wire().send("HTTP/1.1 413 Content Too Large\r\ncontent-length: 2\r\n\r\nno");
                    connection.wire().read();
                });
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.request(1, false, "POST", "/").data(1, false, "abc");

            var answer = client.answer(1);
            assertThat(answer.status()).isEqualTo("413");
            assertThat(answer.whole()).isTrue();
            assertThat(client.next(Frames.RST_STREAM).number(0)).isEqualTo(Frames.NO_ERROR);
            // under way when the stream was closed: no reason for another reset, or for the end of the connection
            client.data(1, false, "def").data(1, true, "ghi");
            client.get(3, "/");
            client.settled();
        }
    }

    @Test
    void anAnswerThatBreaksOffIsReset() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf");
                });
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            var answer = client.get(1, "/").answer(1);

            assertThat(answer.whole()).isFalse();
            assertThat(answer.reset()).isEqualTo(Frames.INTERNAL_ERROR);
            assertThat(balancer.counters().cut()).isOne();
        }
    }

    @Test
    void aRefusedRequestIsAnsweredAndTheConnectionGoesOn() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            assertThat(client.request(1, true, "TRACE", "/").answer(1).status()).isEqualTo("405");
            assertThat(client.get(3, "/", "host", "b.example").answer(3).status())
                    .isEqualTo("400");
            assertThat(client.headers(5, true, ":method", "CONNECT", ":authority", "a:1")
                            .answer(5)
                            .status())
                    .isEqualTo("501");
            assertThat(client.get(7, "/", "x-long", "a".repeat(18_000))
                            .answer(7)
                            .status())
                    .isEqualTo("431");
            assertThat(client.get(9, "/").answer(9).body()).isEqualTo("hello");
            assertThat(server.requests()).hasSize(1);
        }
    }
}
