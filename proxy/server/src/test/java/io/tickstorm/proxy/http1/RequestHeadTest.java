package io.tickstorm.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestHeadTest {
    private static final Via VIA = new Via("10.1.2.3", "http", "10.0.0.1:8080");

    private final RequestHead head = new RequestHead(new HeadLimits(512, 20));

    private Parse parse(String text) {
        var in = Buffered.of(text);
        try {
            return head.parse(in);
        } finally {
            in.release();
        }
    }

    private String forwarded(String text) {
        assertThat(parse(text)).isEqualTo(Parse.COMPLETE);
        return Buffered.text(head.forward(VIA, new Random(1), ByteBufAllocator.DEFAULT));
    }

    @Test
    void everyPrefixOfAHeadIsIncompleteAndTheWholeIsItsLength() {
        var text = "\r\nPOST http://h.example:80/p?q HTTP/1.1\r\nHost: x\r\nContent-Length: 12 \r\nE:\r\n\r\n";

        for (int length = 0; length < text.length(); length++) {
            assertThat(parse(text.substring(0, length))).as("%d bytes", length).isEqualTo(Parse.INCOMPLETE);
        }
        assertThat(parse(text + "body")).isEqualTo(Parse.COMPLETE);
        assertThat(head.length()).isEqualTo(text.length());
        assertThat(head.bodyLength()).isEqualTo(12);
    }

    @Test
    void forwardedHeadsAreByteForByteWhatTheyShouldBe() {
        assertThat(forwarded("GET /a HTTP/1.0\r\nA: b\r\nUpgrade: h2c\r\nC: d\r\nX-Request-Id: id\r\n\r\n"))
                .isEqualTo("GET /a HTTP/1.1\r\nhost: 10.0.0.1:8080\r\nA: b\r\nC: d\r\nx-forwarded-for: 10.1.2.3\r\n"
                        + "x-forwarded-proto: http\r\nvia: 1.0 tickstorm\r\nx-forwarded-host: 10.0.0.1:8080\r\n"
                        + "x-request-id: id\r\n\r\n");
    }

    @Test
    void aHeadOfExactlyTheLimitIsRead() {
        var text = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
        var filled = text.replace("X: ", "X: " + "x".repeat(512 - text.length()));

        assertThat(parse(filled)).isEqualTo(Parse.COMPLETE);
        assertThat(parse(filled.replace("X: ", "X: x"))).isEqualTo(Parse.FLAWED);
        assertThat(head.flaw()).isEqualTo(Flaw.HEAD_TOO_LARGE);
    }

    @Test
    void persistenceFollowsVersionAndConnection() {
        parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(head.persistent()).isTrue();
        parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\n");
        assertThat(head.persistent()).isFalse();
        parse("GET / HTTP/1.0\r\n\r\n");
        assertThat(head.persistent()).isFalse();
        parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assertThat(head.persistent()).isTrue();
    }

    @Test
    void nothingIsLeftOverFromTheHeadBefore() {
        parse(
                "POST http://h/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
        parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(head.hasBody()).isFalse();
        assertThat(head.expectsContinue()).isFalse();
        assertThat(head.persistent()).isTrue();
        assertThat(head.safe()).isTrue();
        assertThat(forwarded("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
                .contains("\r\nHost: a\r\n")
                .doesNotContain("host: h");
    }

    @Test
    void onlySafeMethodsAreSafe() {
        for (var method : new String[] {"GET", "HEAD", "OPTIONS"}) {
            parse(method + " / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(head.safe()).as(method).isTrue();
        }
        for (var method : new String[] {"POST", "get", "GETS", "PUT", "DELETE", "PATCH"}) {
            parse(method + " / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(head.safe()).as(method).isFalse();
        }
    }
}
