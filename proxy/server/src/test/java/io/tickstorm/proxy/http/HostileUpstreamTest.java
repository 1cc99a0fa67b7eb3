package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.FrameWire.END_HEADERS;
import static io.tickstorm.proxy.http.FrameWire.END_STREAM;
import static io.tickstorm.proxy.http.FrameWire.STATUS_200;
import static io.tickstorm.proxy.http.FrameWire.field;
import static io.tickstorm.proxy.http.FrameWire.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that break HTTP/2, or use it against us: their connection ends, nobody waits for them, and what they hold is bounded. */
class HostileUpstreamTest {
    /** The first stream of a client, as Netty numbers them. */
    private static final int STREAM = 3;

    private static final byte[] HEAD = frame(FrameWire.HEADERS, END_HEADERS, STREAM, STATUS_200);

    /** What a server sends over and over in place of an answer. */
    static Stream<Arguments> servers() {
        return Stream.of(
                arguments("opens a stream", frame(FrameWire.HEADERS, END_HEADERS, 2, STATUS_200)),
                arguments(
                        "pushes",
                        frame(FrameWire.PUSH_PROMISE, END_HEADERS, STREAM, (byte) 0, (byte) 0, (byte) 0, (byte) 2)),
                arguments("asks without end", frame(FrameWire.PING, 0, 0, new byte[8])),
                arguments("sets without end", frame(FrameWire.SETTINGS, 0, 0)),
                arguments(
                        "opens the window too far",
                        frame(FrameWire.WINDOW_UPDATE, 0, 0, (byte) 0x7f, (byte) -1, (byte) -1, (byte) -1)),
                arguments("head without end", frame(FrameWire.CONTINUATION, 0, STREAM, field("a", "b".repeat(100)))),
                arguments("more than the window", FrameWire.data(0, STREAM, "x".repeat(16_000))),
                arguments("data of a stream that never was", FrameWire.data(0, 99, "x")),
                arguments("a frame too large", new byte[] {(byte) 0xff, 0, 0, 0, 0, 0, 0, 0, STREAM}),
                arguments("empty data without end", FrameWire.data(0, STREAM, "")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("servers")
    void whatTheySendEndsTheirConnection(String name, byte[] over) throws IOException {
        try (var server = RawServer.with(connection -> {
                    var wire = FrameWire.accept(connection.wire());
                    assertThat(wire.await(FrameWire.HEADERS).stream()).isEqualTo(STREAM);
                    if (name.startsWith("head")) {
                        wire.send(frame(FrameWire.HEADERS, 0, STREAM, STATUS_200));
                    } else if (over[3] == FrameWire.DATA) {
                        wire.send(HEAD);
                    }
                    while (true) { // until it is closed
                        wire.send(over);
                    }
                });
                var balancer = Balancer.with("{protocol: HTTP2, retries: {attempts: 0}}")
                        .standingStill()
                        .before(server);
                var client = balancer.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            if (!name.equals("more than the window")) {
                var got = client.restOrReset();

                assertThat(got.startsWith("HTTP/1.1 502") || got.endsWith("+RESET"))
                        .as(got)
                        .isTrue();
                assertThat(got).doesNotContain("\r\n0\r\n\r\n");
            }
            // the client has not read: the window of the stream is the most that is taken
            Balancer.await("the connection is closed", () -> server.open() == 0);
        }
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments("no status", field("a", "b")),
                arguments("a field of connections", FrameWire.join(STATUS_200, field("connection", "close"))),
                arguments("a name in upper case", FrameWire.join(STATUS_200, field("X-A", "b"))),
                arguments("a line end in a value", FrameWire.join(STATUS_200, field("a", "b\r\nc: d"))),
                arguments("a NUL in a value", FrameWire.join(STATUS_200, field("a", "b\0"))),
                arguments("switching protocols", field(":status", "101")),
                arguments("a length that is none", FrameWire.join(STATUS_200, field("content-length", "+5"))),
                arguments("a length and no body", FrameWire.join(STATUS_200, field("content-length", "5"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void malformedAnswersAreNotPassedOn(String name, byte[] head) throws IOException {
        try (var server = RawServer.with(connection -> {
                    var wire = FrameWire.accept(connection.wire());
                    assertThat(wire.await(FrameWire.HEADERS).stream()).isEqualTo(STREAM);
                    wire.send(frame(FrameWire.HEADERS, END_HEADERS | END_STREAM, STREAM, head));
                    connection.wire().rest();
                });
                var balancer = Balancer.with("{protocol: HTTP2, retries: {attempts: 0}}")
                        .before(server);
                var client = balancer.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

            assertThat(client.message().status()).isEqualTo(502);
        }
    }
}
