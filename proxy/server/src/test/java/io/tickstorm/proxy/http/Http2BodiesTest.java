package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Bodies over HTTP/2: unchanged, at the pace of the slower side, and none of them stands in another's way. */
class Http2BodiesTest {
    private static final int PIECE = 1 << 16;
    private static final int PIECES = 1024;
    private static final long SEED = 20261121;

    private static byte[] piece(int number) {
        var bytes = new byte[PIECE];
        new Random(SEED + number).nextBytes(bytes);
        return bytes;
    }

    @Test
    void largeBodiesPassBothWaysUnchanged() throws Exception {
        var sent = MessageDigest.getInstance("SHA-256");
        var came = MessageDigest.getInstance("SHA-256");
        try (var server = StreamServer.handling(Http2Settings.defaultSettings(), EchoStream::new);
                var balancer = Http2UpstreamTest.before(server);
                var client = balancer.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + (long) PIECE * PIECES + "\r\n\r\n");
            var upload = new CompletableFuture<Void>();
            Thread.ofVirtual().start(() -> {
                for (int number = 0; number < PIECES; number++) {
                    var piece = piece(number);
                    sent.update(piece);
                    client.send(piece);
                }
                upload.complete(null);
            });
            client.readUntil("\r\n\r\n");
            for (int size = size(client); size > 0; size = size(client)) {
                came.update(client.read(size));
                client.readUntil("\r\n");
            }
            upload.get();

            assertThat(HexFormat.of().formatHex(came.digest()))
                    .isEqualTo(HexFormat.of().formatHex(sent.digest()));
        }
    }

    private static int size(Wire client) throws IOException {
        return Integer.parseInt(client.readUntil("\r\n").strip(), 16);
    }

    /** Sends as long as it is taken. */
    private static final class Fountain extends ChannelInboundHandlerAdapter {
        private final AtomicLong sent;

        Fountain(AtomicLong sent) {
            this.sent = sent;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2HeadersFrame head) {
                boolean endless = "/endless".contentEquals(head.headers().path());
                context.write(new DefaultHttp2HeadersFrame(StreamServer.ok(), !endless));
                if (endless) {
                    pour(context);
                } else {
                    context.flush();
                }
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            pour(context);
        }

        private void pour(ChannelHandlerContext context) {
            while (context.channel().isActive() && context.channel().isWritable()) {
                sent.addAndGet(PIECE);
                context.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[PIECE])));
            }
            context.flush();
        }
    }

    @Test
    void clientsThatDoNotReadHoldLittleAndHoldUpNobody() throws Exception {
        var sent = new AtomicLong();
        try (var server = StreamServer.handling(Http2Settings.defaultSettings(), () -> new Fountain(sent));
                var balancer = Http2UpstreamTest.before(server);
                var slow = balancer.client();
                var alsoSlow = balancer.client()) {
            long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
            slow.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
            alsoSlow.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
            slow.readUntil("\r\n\r\n");
            alsoSlow.readUntil("\r\n\r\n");
            Balancer.awaitStandstill("the server", sent);

            for (int i = 0; i < 8; i++) { // on both event loops, and so beside the slow ones
                try (var other = balancer.client()) {
                    other.send("GET /short HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(other.message().status()).isEqualTo(200);
                }
            }

            assertThat(server.accepted()).isLessThanOrEqualTo(2);
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
                    .as("memory of the allocator")
                    .isLessThan(16 * 1024 * 1024);
        }
    }
}
