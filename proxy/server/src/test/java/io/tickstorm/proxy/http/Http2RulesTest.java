package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tickstorm.proxy.http1.Flaw;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are none by the rules of HTTP/2 (RFC 9113 section 8): their stream is reset, and nobody sees them. */
class Http2RulesTest {
    private static final String[] GET = {":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"};

    static Stream<Arguments> heads() {
        return Stream.of(
                arguments("no method", Flaw.PSEUDO_FIELDS, "", new String[] {":scheme", "http", ":path", "/"}),
                arguments("no path", Flaw.PSEUDO_FIELDS, "", new String[] {":method", "GET", ":scheme", "http"}),
                arguments("empty path", Flaw.PSEUDO_FIELDS, "", get(":path", "")),
                arguments("whole URI as path", Flaw.PSEUDO_FIELDS, "", get(":path", "http://b/")),
                arguments("a request in the path", Flaw.PSEUDO_FIELDS, "", get(":path", "/ HTTP/1.1\r\nx: y\r\n\r\n")),
                arguments("space in the method", Flaw.PSEUDO_FIELDS, "", get(":method", "GET /x")),
                arguments("line end in the authority", Flaw.PSEUDO_FIELDS, "", get(":authority", "a\r\nx: y")),
                arguments("scheme of others", Flaw.PSEUDO_FIELDS, "", get(":scheme", "ftp")),
                arguments("two paths", Flaw.PSEUDO_FIELDS, "", and(":path", "/b")),
                arguments("one of an answer", Flaw.PSEUDO_FIELDS, "", and(":status", "200")),
                arguments("upper case", Flaw.UPPER_CASE, "", and("X-Own", "1")),
                arguments("empty name", Flaw.FIELD_NAME, "", and("", "1")),
                arguments("colon in a name", Flaw.FIELD_NAME, "", and("a:b", "1")),
                arguments("line end in a value", Flaw.FIELD_VALUE, "", and("a", "b\r\nc: d")),
                arguments("connection", Flaw.CONNECTION_FIELD, "", and("connection", "close")),
                arguments("transfer-encoding", Flaw.CONNECTION_FIELD, "", and("transfer-encoding", "chunked")),
                arguments("upgrade", Flaw.CONNECTION_FIELD, "", and("upgrade", "h2c")),
                arguments("te of other codings", Flaw.CONNECTION_FIELD, "", and("te", "gzip")),
                arguments("length without a body", null, "", and("content-length", "5")),
                arguments("body too long", null, "test", and("content-length", "1")),
                arguments("body too short", null, "test", and("content-length", "5")));
    }

    private static String[] get(String name, String value) {
        var fields = GET.clone();
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equals(name)) {
                fields[i + 1] = value;
            }
        }
        return fields;
    }

    private static String[] and(String name, String value) {
        return Stream.concat(Stream.of(GET), Stream.of(name, value)).toArray(String[]::new);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void isResetAndReachesNobody(String what, Flaw flaw, String body, String[] fields) throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.headers(1, body.isEmpty(), fields);
            if (!body.isEmpty()) {
                client.data(1, true, body);
            }

            assertThat(client.answer(1).reset()).isEqualTo(Frames.PROTOCOL_ERROR);
            assertThat(balancer.counters().flaws()).isEqualTo(flaw == null ? 0 : 1); // lengths are Netty's to judge
            if (flaw != null) {
                assertThat(balancer.counters().flaws(flaw)).isOne();
            }
            assertThat(client.get(3, "/").answer(3).body()).isEqualTo("x");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void pseudoFieldsHaveNoPlaceInTrailers() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            client.request(1, false, "POST", "/").data(1, false, "test").headers(1, true, ":path", "/");

            assertThat(client.answer(1).reset()).isEqualTo(Frames.PROTOCOL_ERROR);
        }
    }

    @Test
    void framesOnClosedStreamsEndTheConnection() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.http2();
                var other = balancer.http2()) {
            client.get(5, "/").answer(5);
            assertThat(client.get(5, "/").goAway()).isEqualTo(Frames.STREAM_CLOSED);
            other.get(5, "/").answer(5);
            assertThat(other.get(3, "/").goAway()).isEqualTo(Frames.PROTOCOL_ERROR);
        }
    }

    @Test
    void dataOnAStreamThatTheClientEndedResetsIt() throws IOException {
        try (var server = RawServer.with(connection -> connection.wire().rest());
                var balancer = Balancer.before(server);
                var client = balancer.http2()) {
            assertThat(client.get(1, "/").data(1, true, "x").answer(1).reset()).isEqualTo(Frames.STREAM_CLOSED);
        }
    }
}
