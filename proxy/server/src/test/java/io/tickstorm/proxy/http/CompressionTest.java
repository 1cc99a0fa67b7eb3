package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.listener.CompressionSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Answers in gzip, over real sockets. */
class CompressionTest {
    private static final CompressionSettings SETTINGS = new CompressionSettings(CompressionSettings.TYPES, 10, 1);
    private static final String BODY = "tick ".repeat(50_000);

    private static String ask(String lines) {
        return "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
    }

    private static String answer(String lines) {
        return "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n" + lines + "content-length: " + BODY.length()
                + "\r\n\r\n" + BODY;
    }

    private static String unzip(Wire.Message message) throws IOException {
        var bytes = message.body().getBytes(StandardCharsets.ISO_8859_1);
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void whoAsksGetsGzipAndTheConnectionGoesOn() throws IOException {
        try (var server = RawServer.answering(request -> answer("etag: \"a\"\r\naccept-ranges: bytes\r\n"));
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            balancer.listener().compression(SETTINGS);

            for (int i = 0; i < 3; i++) {
                var zipped = client.send(ask("Accept-Encoding: br, gzip\r\n")).message();

                assertThat(unzip(zipped)).isEqualTo(BODY);
                assertThat(zipped.body().length()).isLessThan(BODY.length() / 10);
                assertThat(zipped.field("content-encoding")).isEqualTo("gzip");
                assertThat(zipped.field("vary")).isEqualTo("accept-encoding");
                assertThat(zipped.field("etag")).isEqualTo("W/\"a\"");
                assertThat(zipped.field("content-length")).isNull();
                assertThat(zipped.field("accept-ranges")).isNull();
            }
            var plain = client.send(ask("")).message();
            assertThat(plain.body()).isEqualTo(BODY);
            assertThat(plain.field("vary")).isEqualTo("accept-encoding");
            assertThat(plain.field("etag")).isEqualTo("\"a\"");
        }
    }

    @Test
    void nothingIsTouchedWithoutTheSetting() throws IOException {
        try (var server = RawServer.answering(request -> answer("vary: accept-encoding\r\n"));
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            var plain = client.send(ask("Accept-Encoding: gzip\r\n")).message();

            assertThat(plain.body()).isEqualTo(BODY);
            assertThat(plain.field("content-encoding")).isNull();
        }
    }

    @Test
    void whatIsLeftAsItComes() throws IOException {
        try (var server = RawServer.answering(request -> request.startLine().startsWith("HEAD")
                        ? answer("").replace(BODY, "")
                        : request.startLine().contains("/304")
                                ? "HTTP/1.1 304 Not Modified\r\ncontent-type: text/plain\r\n\r\n"
                                : answer("content-encoding: br\r\n"));
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            balancer.listener().compression(SETTINGS);
            var accepts = "Accept-Encoding: gzip\r\n";

            var head = client.send(ask(accepts).replace("GET", "HEAD")).message(true);
            assertThat(head.field("content-length")).isEqualTo("" + BODY.length());
            var unchanged = client.send(ask(accepts).replace("/ ", "/304 ")).message();
            assertThat(unchanged.status()).isEqualTo(304);
            assertThat(unchanged.field("content-encoding")).isNull();
            var coded = client.send(ask(accepts)).message();
            assertThat(coded.field("content-encoding")).isEqualTo("br");
            assertThat(coded.body()).isEqualTo(BODY);
        }
    }

    @Test
    void aStreamIsNotHeldUp() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().readUntil("\r\n\r\n");
                    connection
                            .wire()
                            .send("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n"
                                    + "5\r\nfirst\r\n");
                    connection.wire().read(); // goes on once the client has the first part
                    connection.wire().send("4\r\nlast\r\n0\r\n\r\n");
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            balancer.listener().compression(SETTINGS);
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nAccept-Encoding: gzip\r\n\r\n");

            client.readUntil("\r\n\r\n");
            var size = Integer.parseInt(client.readUntil("\r\n").strip(), 16);
            var in = new GZIPInputStream(new ByteArrayInputStream(client.read(size)));
            assertThat(new String(in.readNBytes(5), StandardCharsets.ISO_8859_1))
                    .isEqualTo("first");
            client.send("x");
            assertThat(client.readUntil("0\r\n\r\n")).isNotEmpty();
        }
    }

    @Test
    void anAnswerThatIsCutOffNeverLooksWhole() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send(answer("").substring(0, 20_000));
                    connection.wire().close();
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            balancer.listener().compression(SETTINGS);

            var got = client.send(ask("Accept-Encoding: gzip\r\n")).restOrReset();

            assertThat(got)
                    .contains("content-encoding: gzip")
                    .doesNotContain("\r\n0\r\n\r\n")
                    .endsWith("+RESET");
        }
    }
}
