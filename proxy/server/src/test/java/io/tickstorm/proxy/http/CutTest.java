package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Upstreams that die at any byte: no answer that was cut off looks whole, and no POST is done twice. */
class CutTest {
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments("length", "HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 12\r\n\r\nhello, world"),
                arguments(
                        "chunks",
                        "HTTP/1.1 200 OK\r\nDate: d\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void anAnswerCutAnywhereNeverLooksWhole(String framing, String answer) {
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        List<Integer> offsets = new CopyOnWriteArrayList<>();
        try (var server = RawServer.with(connection -> {
                    seen.add(connection.number());
                    connection.wire().message();
                    connection.wire().send(answer.substring(0, offsets.get(connection.number())));
                    if (connection.number() % 2 == 0) {
                        connection.wire().reset();
                    }
                });
                var balancer = Balancer.before(server)) {
            for (int offset = 0; offset < answer.length(); offset++) {
                offsets.add(offset);
                try (var client = balancer.client()) {
                    client.send(POST);
                    var got = client.restOrReset();

                    // either an answer of ours, or what came of theirs, ended with a reset
                    boolean ours = got.startsWith("HTTP/1.1 502 Bad Gateway\r\n") && !got.endsWith("+RESET");
                    boolean cut = got.endsWith("+RESET") && !got.contains("502") && !got.contains("0\r\n\r\n");
                    assertThat(ours || cut)
                            .as("cut after %d bytes: %s", offset, got)
                            .isTrue();
                }
            }
            assertThat(seen).as("each POST is seen once").hasSize(answer.length());
            assertThat(balancer.counters().retries()).isZero();
        }
    }

    @Test
    void anUpstreamThatDiesWhileItReadsGetsThePostOnce() throws IOException {
        var seen = new ConcurrentLinkedQueue<String>();
        int length = forwardedLength();
        for (int bytes = 0; bytes <= length; bytes += 7) {
            int dies = bytes;
            RawServer.Behaviour dying = connection -> {
                var read = new StringBuilder();
                while (read.length() < dies) {
                    int next = connection.wire().read();
                    if (next < 0) {
                        break;
                    }
                    read.append((char) next);
                }
                if (read.indexOf("\r\n\r\n") > 0) {
                    seen.add(read.toString());
                }
                connection.wire().reset();
            };
            seen.clear();
            try (var one = RawServer.with(dying);
                    var other = RawServer.with(dying);
                    var balancer = Balancer.before(one, other);
                    var client = balancer.client()) {
                client.send(POST);

                assertThat(client.message().status()).isEqualTo(502);
                assertThat(seen).as("dies after %d bytes", dies).hasSizeLessThanOrEqualTo(1);
            }
        }
    }

    private static int forwardedLength() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(POST);
            client.message();
            return server.lastRequest().head().length()
                    + server.lastRequest().body().length();
        }
    }

    @Test
    void aBodyThatEndsWithTheConnectionIsWholeOnlyWithoutReset() throws IOException {
        var answers = new ArrayList<String>();
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send("HTTP/1.1 200 OK\r\nDate: d\r\n\r\nhello");
                    if (connection.number() == 1) {
                        connection.wire().reset();
                    }
                });
                var balancer = Balancer.before(server)) {
            for (int i = 0; i < 2; i++) {
                try (var client = balancer.client()) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                    answers.add(client.restOrReset());
                }
            }
        }

        assertThat(answers.get(0)).endsWith("\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        assertThat(answers.get(1)).doesNotContain("\r\n0\r\n\r\n");
    }
}
