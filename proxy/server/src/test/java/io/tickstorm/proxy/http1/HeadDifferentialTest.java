package io.tickstorm.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Our parser beside Netty's on generated heads, half of them mutilated. What we forward, Netty must read without complaint as one
 * request with the framing that we found; what Netty refuses in what the client sent, we do not forward.
 */
class HeadDifferentialTest {
    private static final long SEED = 20261121;
    private static final int ROUNDS = 40_000;
    private static final Via VIA = new Via("10.1.2.3", "http", "10.0.0.1:8080");

    private static final String[] LINES = {
        "GET / HTTP/1.1",
        "POST /a?b HTTP/1.1",
        "GET http://h/x HTTP/1.1",
        "HEAD /%20 HTTP/1.1",
        "PUT / HTTP/1.0",
        "DELETE /x HTTP/1.1"
    };
    private static final String[] FIELDS = {
        "Host: a", "Host: a:80", "Content-Length: 5", "Content-Length: 005", "Content-Length: 5, 5",
                "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked", "Connection: close", "Connection: x-a, keep-alive", "X-A: b", "x-a:",
                "X_A: b",
        "Expect: 100-continue", "Upgrade: websocket", "Connection: upgrade", "TE: trailers", "Cookie: a=b; c=d",
                "X-B: \u00e4\u00ff",
        "X-C:  spaced \t", "Forwarded: for=x", "X-Forwarded-For: x"
    };
    private static final String MUTATIONS = "\r\n \t:\0,;=/HTP1.0x\u007f\u0085\u00ff";

    private final Random random = new Random(SEED);
    private final RequestHead head = new RequestHead(new HeadLimits(4096, 100));

    @Test
    void whatWeForwardNettyReadsAsWeDo() {
        int forwarded = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var text = generate();
            var in = Buffered.of(text);
            var parse = head.parse(in);
            in.release();
            if (parse != Parse.COMPLETE || head.asksProxy()) {
                continue;
            }
            forwarded++;
            var description = "seed %d, round %d: %s".formatted(SEED, round, text);
            var ours = text.substring(0, head.length());
            assertThat(read(ours).getFirst().decoderResult().isSuccess())
                    .as(description)
                    .isTrue();
            assertForwarded(description);
        }
        assertThat(forwarded).as("heads that were forwarded").isGreaterThan(ROUNDS / 20);
    }

    private void assertForwarded(String description) {
        var out = Buffered.text(head.forward(VIA, random, ByteBufAllocator.DEFAULT));
        var objects = read(out);
        var first = objects.getFirst();
        assertThat(first.decoderResult().isSuccess()).as(description).isTrue();
        assertThat(first).isInstanceOf(HttpRequest.class);
        var request = (HttpRequest) first;
        assertThat(request.headers().getAll("host")).as(description).hasSize(1);
        assertThat(HttpUtil.isTransferEncodingChunked(request)).as(description).isEqualTo(head.bodyLength() < 0);
        if (head.bodyLength() >= 0) {
            assertThat(HttpUtil.getContentLength(request, 0L)).as(description).isEqualTo(head.bodyLength());
        }
        assertThat(request.headers().getAll("x-forwarded-for")).as(description).containsExactly("10.1.2.3");
        assertThat(objects.stream().filter(HttpRequest.class::isInstance))
                .as(description)
                .hasSize(1);
    }

    private String generate() {
        var text = new StringBuilder(pick(LINES)).append("\r\n");
        if (random.nextInt(8) > 0) {
            text.append("Host: h\r\n");
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(pick(FIELDS)).append("\r\n");
        }
        text.append("\r\n");
        for (int i = random.nextBoolean() ? 0 : 1 + random.nextInt(2); i > 0; i--) {
            char c = MUTATIONS.charAt(random.nextInt(MUTATIONS.length()));
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, c);
                case 1 -> text.setCharAt(at, c);
                default -> text.deleteCharAt(at);
            }
        }
        return text.toString();
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }

    private static List<HttpObject> read(String text) {
        var channel = new EmbeddedChannel(new HttpRequestDecoder());
        channel.writeInbound(Buffered.of(text));
        channel.finish();
        var objects = new ArrayList<HttpObject>();
        for (Object object = channel.readInbound(); object != null; object = channel.readInbound()) {
            objects.add((HttpObject) object);
            ReferenceCountUtil.release(object);
        }
        return objects;
    }
}
