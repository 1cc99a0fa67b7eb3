package io.tickstorm.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.tickstorm.proxy.http1.HeadLimits;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.http1.ResponseHead;
import io.tickstorm.proxy.http1.ResponseHead.Persistence;
import io.tickstorm.proxy.http1.Via;
import io.tickstorm.proxy.time.Randomness;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a proxy does with a head: parse it, add and remove some lines, write it. Netty's decoder and encoder are called without a
 * pipeline around them, and remove and add the same lines.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"
        })
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class Rewriting {
    private static final String REQUEST = """
            GET /products/42/reviews?page=2&sort=newest HTTP/1.1
            Host: shop.example.com
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept-Language: en-US,en;q=0.5
            Accept-Encoding: gzip, deflate, br, zstd
            Referer: https://shop.example.com/products/42
            Cookie: session=0f2c9b7e5a1d4c38; theme=dark
            Connection: keep-alive
            Cache-Control: no-cache

            """.replace("\n", "\r\n");

    private static final String RESPONSE = """
            HTTP/1.1 200 OK
            Date: Sat, 21 Nov 2026 12:00:00 GMT
            Content-Type: application/json; charset=utf-8
            Content-Length: 128
            Cache-Control: private, max-age=0
            Vary: Accept-Encoding
            Connection: keep-alive

            """.replace("\n", "\r\n");

    private static final byte[] DATE = "date: Sat, 21 Nov 2026 12:00:00 GMT\r\n".getBytes(StandardCharsets.US_ASCII);

    private final PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private final ByteBuf request = direct(REQUEST);
    private final ByteBuf response = direct(RESPONSE);

    private final HeadLimits limits = new HeadLimits(16 * 1024, HeadLimits.DEFAULT_FIELDS);
    private final RequestHead requestHead = new RequestHead(limits);
    private final ResponseHead responseHead = new ResponseHead(limits);
    private final Via via = new Via("10.1.2.3", "http", "10.0.0.1:8080");
    private final RandomGenerator random = Randomness.seeded(1);

    private final ChannelHandlerContext context =
            new EmbeddedChannel(new ChannelInboundHandlerAdapter()).pipeline().firstContext();
    private final Requests requests = new Requests();
    private final Responses responses = new Responses();
    private final RequestWriter requestWriter = new RequestWriter();
    private final ResponseWriter responseWriter = new ResponseWriter();
    private final List<Object> read = new ArrayList<>();
    private final List<Object> written = new ArrayList<>();

    private ByteBuf direct(String text) {
        return allocator.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Benchmark
    public int requestOurs() {
        requestHead.parse(request);
        var out = requestHead.forward(via, random, allocator);
        int length = out.readableBytes();
        out.release();
        return length;
    }

    @Benchmark
    public int requestNetty() throws Exception {
        requests.read(context, request.readerIndex(0), read);
        var head = (HttpRequest) read.getFirst();
        head.headers()
                .remove(HttpHeaderNames.CONNECTION)
                .set("x-forwarded-for", "10.1.2.3")
                .set("x-forwarded-proto", "http")
                .set("x-forwarded-host", head.headers().get(HttpHeaderNames.HOST))
                .set("x-request-id", Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()))
                .add(HttpHeaderNames.VIA, "1.1 tickstorm");
        requestWriter.write(context, head, written);
        requestWriter.write(context, LastHttpContent.EMPTY_LAST_CONTENT, written);
        return clear();
    }

    @Benchmark
    public int responseOurs() {
        responseHead.parse(response);
        responseHead.assemble(Persistence.UNDERSTOOD, false, DATE);
        var out = responseHead.write(allocator);
        int length = out.readableBytes();
        out.release();
        return length;
    }

    @Benchmark
    public int responseNetty() throws Exception {
        responses.read(context, response.readerIndex(0), read);
        responses.reset();
        var head = (HttpResponse) read.getFirst();
        head.headers().remove(HttpHeaderNames.CONNECTION);
        responseWriter.write(context, head, written);
        responseWriter.write(context, LastHttpContent.EMPTY_LAST_CONTENT, written);
        return clear();
    }

    private int clear() {
        int length = 0;
        for (var each : written) {
            var out = (ByteBuf) each;
            length += out.readableBytes();
            out.release();
        }
        written.clear();
        read.clear();
        return length;
    }

    private static final class Requests extends HttpRequestDecoder {
        void read(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
            decode(context, in, out);
        }
    }

    private static final class Responses extends HttpResponseDecoder {
        void read(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
            decode(context, in, out);
        }
    }

    private static final class RequestWriter extends HttpRequestEncoder {
        void write(ChannelHandlerContext context, HttpObject part, List<Object> out) throws Exception {
            encode(context, part, out);
        }
    }

    private static final class ResponseWriter extends HttpResponseEncoder {
        void write(ChannelHandlerContext context, HttpObject part, List<Object> out) throws Exception {
            encode(context, part, out);
        }
    }
}
