package io.tickstorm.proxy.gzip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tickstorm.proxy.http1.HeadLimits;
import io.tickstorm.proxy.http1.Parse;
import io.tickstorm.proxy.http1.ResponseHead;
import io.tickstorm.proxy.listener.CompressionSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
    private final Compression compression =
            new Compression(new CompressionSettings(List.of("text/*", "application/json"), 100, 1));

    private static ResponseHead head(String lines) {
        var head = new ResponseHead(new HeadLimits(4096, 50));
        var text = "HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\n";
        assertThat(head.parse(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1)))
                .isEqualTo(Parse.COMPLETE);
        return head;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "GZIP",
                "br, gzip",
                "gzip;q=0.5",
                "deflate , x-gzip ; q=1",
                "*",
                "gzip;q=0.001",
                "br;q=0, *"
            })
    void takesGzipWhoSaysSo(String acceptEncoding) {
        assertThat(Compression.accepted(acceptEncoding)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "br", "identity", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "gzipped", "br;x=gzip"})
    void othersDoNot(String acceptEncoding) {
        assertThat(Compression.accepted(acceptEncoding)).isFalse();
        assertThat(Compression.accepted(null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/css",
                "Content-Type: TEXT/html; charset=utf-8",
                "Content-Type: application/json\r\nCache-Control: max-age=3"
            })
    void listedTypesAreConcerned(String lines) {
        assertThat(compression.concerns(head(lines))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: y",
                "Content-Type: image/png",
                "Content-Type: text/",
                "Content-Type: application/jsonl",
                "Content-Type: text/css\r\nContent-Encoding: br",
                "Content-Type: text/css\r\nCache-Control: private, No-Transform"
            })
    void othersAreLeftAsTheyCome(String lines) {
        assertThat(compression.concerns(head(lines))).isFalse();
    }

    @Test
    void shortBodiesAreNotWorthIt() {
        assertThat(compression.worthwhile(head("Content-Length: 99"))).isFalse();
        assertThat(compression.worthwhile(head("Content-Length: 100"))).isTrue();
        assertThat(compression.worthwhile(head("Transfer-Encoding: chunked"))).isTrue();
        assertThat(compression.worthwhile(head("X: y"))).isTrue();
    }
}
