package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.FrameWire.END_HEADERS;
import static io.tickstorm.proxy.http.FrameWire.END_STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Upstreams that die at any byte of their HTTP/2: no answer that was cut off looks whole, and no POST is done twice. */
class Http2CutTest {
    /** The first stream of a client, as Netty numbers them. */
    private static final int STREAM = 3;

    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nContent-Length: 5\r\n\r\nhello";

    static Stream<Arguments> answers() {
        var plain = FrameWire.frame(FrameWire.HEADERS, END_HEADERS, STREAM, FrameWire.STATUS_200);
        var length = FrameWire.frame(
                FrameWire.HEADERS,
                END_HEADERS,
                STREAM,
                FrameWire.join(FrameWire.STATUS_200, FrameWire.field("content-length", "12")));
        var trailers = FrameWire.frame(
                FrameWire.HEADERS, END_HEADERS | END_STREAM, STREAM, FrameWire.field("grpc-status", "0"));
        return Stream.of(
                arguments(
                        "length",
                        FrameWire.join(
                                length,
                                FrameWire.data(0, STREAM, "hello, "),
                                FrameWire.data(END_STREAM, STREAM, "world"))),
                arguments(
                        "length, end apart",
                        FrameWire.join(
                                length,
                                FrameWire.data(0, STREAM, "hello, world"),
                                FrameWire.data(END_STREAM, STREAM, ""))),
                arguments(
                        "no length",
                        FrameWire.join(
                                plain,
                                FrameWire.data(0, STREAM, "hello, "),
                                FrameWire.data(END_STREAM, STREAM, "world"))),
                arguments("trailers", FrameWire.join(plain, FrameWire.data(0, STREAM, "hello, world"), trailers)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void anAnswerCutAnywhereNeverLooksWhole(String framing, byte[] answer) {
        Queue<Integer> seen = new ConcurrentLinkedQueue<>();
        List<Integer> offsets = new CopyOnWriteArrayList<>();
        try (var server = RawServer.with(connection -> {
                    var wire = FrameWire.accept(connection.wire());
                    assertThat(wire.await(FrameWire.DATA).stream()).isEqualTo(STREAM);
                    seen.add(connection.number());
                    wire.send(Arrays.copyOf(answer, offsets.get(connection.number())));
                    if (connection.number() % 2 == 0) {
                        connection.wire().reset();
                    }
                });
                var balancer = Balancer.with("{protocol: HTTP2}").before(server)) {
            for (int offset = 0; offset < answer.length; offset++) {
                offsets.add(offset);
                try (var client = balancer.client()) {
                    client.send(POST);
                    var got = client.restOrReset();

                    // either an answer of ours, or what came of theirs, ended with a reset
                    boolean ours = got.startsWith("HTTP/1.1 502 Bad Gateway\r\n") && !got.endsWith("+RESET");
                    boolean cut = got.endsWith("+RESET") && !got.contains("502") && !got.contains("\r\n0\r\n");
                    assertThat(ours || cut && !(framing.startsWith("length") && got.contains("hello, world")))
                            .as("cut after %d bytes: %s", offset, got)
                            .isTrue();
                }
            }
            assertThat(seen).as("each POST is seen once").hasSize(answer.length);
            assertThat(balancer.counters().retries()).isZero();
        }
    }
}
