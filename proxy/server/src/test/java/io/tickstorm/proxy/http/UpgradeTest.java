package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Connections that become WebSockets: from then on bytes pass as they are, both ways. */
class UpgradeTest {
    private static final String ASK =
            "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    private static final String SWITCH =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n";

    /** Switches, then says a word of its own and echoes until the client ends, then says farewell. */
    private static RawServer echo() {
        return RawServer.with(connection -> {
            var wire = connection.wire();
            var head = wire.readUntil("\r\n\r\n");
            assertThat(head)
                    .contains("connection: upgrade\r\nupgrade: websocket\r\n")
                    .contains("Sec-WebSocket-Key: ");
            wire.send(SWITCH + "first");
            for (int b = wire.read(); b >= 0; b = wire.read()) {
                wire.send(new byte[] {(byte) b});
            }
            wire.send("farewell");
        });
    }

    @Test
    void bytesPassBothWaysAndEachDirectionEndsByItself() throws IOException {
        try (var server = echo();
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(ASK);
            assertThat(client.readUntil("\r\n\r\n"))
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("connection: upgrade\r\nupgrade: websocket\r\n")
                    .contains("Sec-WebSocket-Accept: x\r\n");
            assertThat(new String(client.read(5))).isEqualTo("first");
            client.send("\0\u0001GET / HTTP/1.1\r\n");
            assertThat(new String(client.read(18))).isEqualTo("\0\u0001GET / HTTP/1.1\r\n");
            assertThat(balancer.inFlight()).isOne();
            assertThat(balancer.listener().describe())
                    .singleElement()
                    .asString()
                    .contains("WebSocket of 127.0.0.1");

            client.endOutput();

            assertThat(client.rest()).isEqualTo("farewell");
            Balancer.await("the lease ends", () -> balancer.inFlight() == 0);
            assertThat(balancer.counters().upgraded()).isOne();
        }
    }

    @Test
    void anUpstreamThatDeclinesAnswersAsUsual() throws IOException {
        try (var server = RawServer.saying("no");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(ASK);
            assertThat(client.message().body()).isEqualTo("no");

            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.message().body()).isEqualTo("no");
        }
    }

    @Test
    void anUpgradeWithABodyIsNoUpgrade() throws IOException {
        try (var server = RawServer.answering(
                        request -> ok(String.valueOf(request.head().contains("upgrade"))));
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(ASK.replace("\r\n\r\n", "\r\nContent-Length: 2\r\n\r\nxy"));

            assertThat(client.message().body()).isEqualTo("false");
        }
    }

    @Test
    void aResetOnOneSideEndsTheOther() {
        try (var server = echo();
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(ASK);
            Balancer.await("the tunnel is open", () -> balancer.counters().upgraded() == 1);

            client.reset();

            Balancer.await("the upstream's side closes", () -> server.open() == 0 && balancer.inFlight() == 0);
        }
    }

    @Test
    void aTunnelOutlivesTheDrainUntilItIsCut() throws IOException {
        try (var server = echo();
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send(ASK);
            client.readUntil("first");

            balancer.listener().announceClose();
            balancer.listener().stopAccepting().toCompletableFuture().join();
            client.send("x");
            assertThat(client.read()).isEqualTo('x');
            balancer.listener().abort();

            assertThat(client.restOrReset()).doesNotContain("farewell");
        }
    }
}
