package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of HTTP/2 before servers of HTTP/2, and attempts that fail before them. */
class Http2EndToEndTest {
    @Test
    void aRequestAndItsAnswerPassWithTheirTrailers() throws IOException {
        try (var server = StreamServer.with(
                        stream -> stream.headers(StreamServer.ok().add("x-of", "server"), false)
                                .data("got " + stream.body(), false)
                                .headers(new DefaultHttp2Headers().add("x-sum", "2"), true));
                var balancer = Http2UpstreamTest.before(server);
                var client = balancer.http2()) {
            client.request(1, false, "POST", "/a?b=c").data(1, false, "abc").headers(1, true, "x-sum", "1");

            var answer = client.answer(1);

            assertThat(answer.status()).isEqualTo("200");
            assertThat(answer.field("x-of")).isEqualTo("server");
            assertThat(answer.body()).isEqualTo("got abc");
            assertThat(answer.trailers()).hasToString("DefaultHttp2Headers[x-sum: 2]");
            assertThat(answer.whole()).isTrue();
            var seen = server.lastRequest();
            assertThat(seen.head().path()).hasToString("/a?b=c");
            assertThat(seen.head().authority()).hasToString("a.example");
            assertThat(seen.trailers()).hasToString("DefaultHttp2Headers[x-sum: 1]");
            assertThat(server.resets()).isZero();
        }
    }

    /** Answers as soon as the head has come, and wants no more: RFC 9113 section 8.1. */
    private static final class Hasty extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2HeadersFrame) {
                context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("413")));
                var body = Unpooled.copiedBuffer("too large", StandardCharsets.US_ASCII);
                context.writeAndFlush(new DefaultHttp2DataFrame(body, true))
                        .addListener(left -> context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR)));
            }
            ReferenceCountUtil.release(message);
        }
    }

    @Test
    void anAnswerThatIsWholeBeforeItsStreamIsResetPasses() throws IOException {
        try (var server = StreamServer.handling(Http2Settings.defaultSettings(), Hasty::new);
                var balancer = Http2UpstreamTest.before(server);
                var client = balancer.http2();
                var older = balancer.client()) {
            client.request(1, false, "POST", "/").data(1, false, "abc");
            var answer = client.answer(1);

            assertThat(answer.status()).isEqualTo("413");
            assertThat(answer.body()).isEqualTo("too large");
            assertThat(answer.whole()).isTrue();
            assertThat(client.next(Frames.RST_STREAM).number(0)).isEqualTo(Frames.NO_ERROR);

            older.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc");
            assertThat(older.rest()).contains("413", "too large");
            assertThat(balancer.counters().cut()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void whatWasNotSentGoesToTheNextServer(String method) throws IOException {
        try (var server = RawServer.answering(request -> ok("got " + request.body()));
                var balancer = Balancer.before(RawServer.refusing(), server.endpoint());
                var client = balancer.http2()) {
            for (int stream = 1; stream < 20; stream += 2) {
                client.request(stream, false, method, "/").data(stream, true, "it");

                assertThat(client.answer(stream).body()).isEqualTo("got it");
            }
            assertThat(server.requests()).hasSize(10);
            assertThat(balancer.counters().retries()).isPositive();
        }
    }

    @Test
    void onlyWhatMayBeRepeatedIsSentAgain() throws IOException {
        try (var closing = RawServer.with(connection -> connection.wire().message());
                var server = RawServer.saying("served");
                var balancer = Balancer.before(closing, server);
                var careful = Balancer.before(closing);
                var client = balancer.http2();
                var other = careful.http2()) {
            for (int stream = 1; stream < 8; stream += 2) {
                assertThat(client.get(stream, "/").answer(stream).body()).isEqualTo("served");
            }
            assertThat(closing.connections()).isPositive();
            assertThat(balancer.counters().retries()).isEqualTo(closing.connections());

            assertThat(other.request(1, true, "POST", "/").answer(1).status()).isEqualTo("502");
            assertThat(careful.counters().retries()).isZero();
        }
    }
}
