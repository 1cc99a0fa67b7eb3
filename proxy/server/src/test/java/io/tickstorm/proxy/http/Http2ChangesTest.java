package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.backend.UpstreamProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is said of HTTP/2 changes while clients are served. */
class Http2ChangesTest {
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void connectionsToComeHaveTheNewSettingsAndOthersGoOn() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var before = balancer.http2()) {
            assertThat(settings(before)).containsEntry(MAX_CONCURRENT_STREAMS, 100);

            balancer.listener()
                    .change(new io.tickstorm.proxy.listener.Http2Settings(true, 7, 20_000, 70_000, 0, 9, 10));
            try (var after = balancer.http2()) {
                assertThat(settings(after))
                        .containsEntry(MAX_CONCURRENT_STREAMS, 7)
                        .containsEntry(INITIAL_WINDOW_SIZE, 20_000);
                assertThat(after.get(1, "/").answer(1).body()).isEqualTo("x");
            }
            assertThat(before.get(1, "/").answer(1).body()).isEqualTo("x");
        }
    }

    @Test
    void whereItIsSwitchedOffOnlyConnectionsThatAreOpenSpeakIt() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var open = balancer.http2()) {
            open.get(1, "/").answer(1);
            balancer.listener()
                    .change(new io.tickstorm.proxy.listener.Http2Settings(false, 7, 20_000, 70_000, 0, 9, 10));

            try (var late = balancer.client()) {
                late.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
                assertThat(late.message().status()).isGreaterThanOrEqualTo(400);
            }
            assertThat(open.get(3, "/").answer(3).body()).isEqualTo("x");
        }
    }

    private static Map<Integer, Integer> settings(Frames client) throws IOException {
        var values = ByteBuffer.wrap(client.next(Frames.SETTINGS).payload());
        var settings = new HashMap<Integer, Integer>();
        while (values.hasRemaining()) {
            settings.put((int) values.getShort(), values.getInt());
        }
        return settings;
    }

    @Test
    void requestsToComeAreSentInTheOtherProtocolAndThoseThatRunAreFinished() throws Exception {
        var asked = new CompletableFuture<Wire>();
        try (var server = RawServer.with(connection -> {
                    var wire = connection.wire();
                    if (wire.readUntil("\r\n\r\n").startsWith("PRI * HTTP/2.0")) {
                        serve(FrameWire.behindItsFirstLine(wire));
                    } else {
                        asked.complete(wire);
                        wire.read();
                    }
                });
                var balancer = Balancer.before(server);
                var running = balancer.client();
                var next = balancer.http2()) {
            running.send(GET);
            var http1 = asked.get();

            balancer.backend().change(Balancer.settings("{protocol: HTTP2}"));
            assertThat(next.get(1, "/").answer(1).body()).isEqualTo("by HTTP2");

            http1.send(ok("by HTTP1"));
            assertThat(running.message().body()).isEqualTo("by HTTP1");
            running.send(GET);
            assertThat(running.message().body()).isEqualTo("by HTTP2");
            assertThat(balancer.backend().protocol()).isEqualTo(UpstreamProtocol.HTTP2);
        }
    }

    private static void serve(FrameWire wire) throws IOException {
        while (true) {
            int stream = wire.await(FrameWire.HEADERS).stream();
            wire.send(
                    FrameWire.frame(FrameWire.HEADERS, FrameWire.END_HEADERS, stream, FrameWire.STATUS_200),
                    FrameWire.data(FrameWire.END_STREAM, stream, "by HTTP2"));
        }
    }
}
