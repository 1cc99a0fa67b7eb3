package io.tickstorm.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the data path asks heads for, besides what it passes on. */
class LookupTest {
    private static final Via VIA = new Via("10.1.2.3", "http", "10.0.0.1:8080");
    private static final Instant NOW = Instant.parse("2026-11-21T06:05:04Z");

    private final RequestHead request = new RequestHead(new HeadLimits(512, 20));
    private final ResponseHead response = new ResponseHead(new HeadLimits(512, 20));

    private RequestHead request(String lines) {
        assertThat(parse(request, lines + "Host: a\r\n\r\n")).isEqualTo(Parse.COMPLETE);
        return request;
    }

    private ResponseHead response(String fields) {
        assertThat(parse(response, "HTTP/1.1 503 \r\n" + fields + "\r\n")).isEqualTo(Parse.COMPLETE);
        return response;
    }

    private static Parse parse(Head head, String text) {
        var in = Buffered.of(text);
        try {
            return head.parse(in);
        } finally {
            in.release();
        }
    }

    @Test
    void aFieldIsFoundWhateverTheCaseOfItsNameAndTheFirstOneCounts() {
        var head = request("GET / HTTP/1.1\r\nX-User: one\r\nx-user: two\r\nX-User-Id: three\r\nX-Empty:\r\n");

        assertThat(head.field("x-USER")).hasToString("one");
        assertThat(head.field("X-Empty")).isNotNull().isEmpty();
        assertThat(head.field("X-Use")).isNull();
        assertThat(head.field("X_User")).isNull();
    }

    @Test
    void aFieldThatIsNotPassedOnIsFoundToo() {
        assertThat(request("GET / HTTP/1.1\r\nX-Real-Ip: 10.9.9.9\r\n").field("x-real-ip"))
                .hasToString("10.9.9.9");
    }

    @Test
    void nothingIsFoundOfTheHeadBefore() {
        request("GET / HTTP/1.1\r\nX-User: one\r\nCookie: a=b\r\n");
        assertThat(parse(request, "GET / HTTP/9.1\r\n")).isEqualTo(Parse.FLAWED);

        assertThat(request.field("x-user")).isNull();
        assertThat(request.cookie("a")).isNull();
        assertThat(request.asked()).isEqualTo(Asked.NOTHING);
    }

    @Test
    void aCookieIsFoundByItsExactName() {
        var head = request("GET / HTTP/1.1\r\nCookie: aa=1; A=2;a=3; b=\r\nCookie: c=\"x=y\" ; d; a=4\r\n");

        assertThat(head.cookie("a")).hasToString("3");
        assertThat(head.cookie("A")).hasToString("2");
        assertThat(head.cookie("b")).isNotNull().isEmpty();
        assertThat(head.cookie("c")).hasToString("\"x=y\"");
        assertThat(head.cookie("d")).isNull();
        assertThat(head.cookie("x")).isNull();
    }

    @Test
    void anIdempotencyKeyCountsIfThereIsOneInIt() {
        assertThat(request("POST / HTTP/1.1\r\nidempotency-Key: \"8\"\r\n").idempotencyKey())
                .isTrue();
        assertThat(request("POST / HTTP/1.1\r\nIdempotency-Key: \r\n").idempotencyKey())
                .isFalse();
        assertThat(request("POST / HTTP/1.1\r\n").idempotencyKey()).isFalse();
    }

    @Test
    void whatWasAskedIsReadBackFromWhatWasForwarded() {
        request("PUT http://shop.example:81?q=1 HTTP/1.1\r\nX-Request-Id: r-7\r\n");
        var forwarded = request.forward(VIA, new Random(1), ByteBufAllocator.DEFAULT);
        try {
            assertThat(Asked.of(forwarded)).isEqualTo(new Asked("PUT", "shop.example:81", "/?q=1", "r-7", false));
            assertThat(request.asked()).isEqualTo(Asked.of(forwarded));
        } finally {
            forwarded.release();
        }
    }

    @Test
    void theVersionIsReadBackFromOurVia() {
        for (var version : new String[] {"1.0", "1.1"}) {
            request("GET / HTTP/" + version + "\r\nVia: 1.0 tickstorm\r\n");
            var forwarded = request.forward(VIA, new Random(1), ByteBufAllocator.DEFAULT);
            try {
                assertThat(Asked.of(forwarded).http10()).isEqualTo(version.equals("1.0"));
                assertThat(request.asked().http10()).isEqualTo(version.equals("1.0"));
            } finally {
                forwarded.release();
            }
        }
    }

    @Test
    void theRequestIdThatWeMadeIsReadBackToo() {
        request("GET /p HTTP/1.1\r\n");
        var forwarded = request.forward(VIA, new Random(1), ByteBufAllocator.DEFAULT);
        try {
            assertThat(Asked.of(forwarded).requestId()).matches("[0-9a-f]{32}");
            assertThat(request.asked()).isEqualTo(new Asked("GET", "a", "/p", "", false));
        } finally {
            forwarded.release();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout=5            | 5",
                "max=100, Timeout=65  | 65",
                "timeout=0            | 0",
                "timeout              | -1",
                "timeout=             | -1",
                "timeout=-1           | -1",
                "timeout=1234567890   | -1",
                "idletimeout=5        | -1",
            })
    void theKeepAliveHintIsRead(String value, int seconds) {
        assertThat(response("Keep-Alive: " + value + "\r\n").keepAliveSeconds()).isEqualTo(seconds);
        assertThat(response("").keepAliveSeconds()).isEqualTo(-1);
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        assertThat(response("Retry-After: 120\r\n").retryAfter(NOW)).isEqualTo(Duration.ofMinutes(2));
        assertThat(response("Retry-After: Sat, 21 Nov 2026 06:05:14 GMT\r\n").retryAfter(NOW))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(response("Retry-After: Sat, 21 Nov 2026 06:05:00 GMT\r\n").retryAfter(NOW))
                .isEqualTo(Duration.ZERO);
        assertThat(response("Retry-After: soon\r\n").retryAfter(NOW)).isNull();
        assertThat(response("").retryAfter(NOW)).isNull();
    }

    @Test
    void linesOfOursStandBehindThoseOfTheUpstream() {
        response("Date: x\r\nSet-Cookie: a=b\r\n");

        response.assemble(
                ResponseHead.Persistence.UNDERSTOOD, false, new byte[0], Words.ascii("set-cookie: tickstorm=1\r\n"));

        assertThat(Buffered.text(response.write(ByteBufAllocator.DEFAULT)))
                .isEqualTo("HTTP/1.1 503 \r\nDate: x\r\nSet-Cookie: a=b\r\nset-cookie: tickstorm=1\r\n\r\n");
    }
}
