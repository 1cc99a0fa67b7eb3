package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.access.Entry;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.listener.KeepAliveSettings;
import io.tickstorm.proxy.listener.ProxyProtocolSettings;
import io.tickstorm.proxy.listener.ProxyProtocolSettings.Untrusted;
import io.tickstorm.proxy.settings.AddressRange;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The PROXY protocol on both sides of HTTP. */
class HttpProxyProtocolTest {
    private static final String LINE = "PROXY TCP6 2001:db8::7 2001:db8::1 4711 443\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final ProxyProtocolSettings TRUSTING = new ProxyProtocolSettings(
            List.of(new AddressRange(InetAddress.ofLiteral("127.0.0.1"), 32)),
            ProxyProtocolSettings.TIMEOUT,
            Untrusted.REFUSE);

    private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
    private final AccessLog log = new AccessLog() {
        @Override
        public boolean wants(boolean failed) {
            return true;
        }

        @Override
        public void ended(Entry entry) {
            entries.add(entry);
        }
    };

    private Entry next() throws InterruptedException {
        var entry = entries.poll(Wire.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(entry).isNotNull();
        return entry;
    }

    @Test
    void theServerAndTheLogHearOfTheClientBehindTheProxy() throws Exception {
        try (var server = RawServer.saying("served");
                var balancer = Balancer.with("{}").tells(log).before(server)) {
            balancer.listener().beginning().change(KeepAliveSettings.DEFAULT, TRUSTING);
            try (var client = balancer.client()) {
                for (byte next : LINE.getBytes(StandardCharsets.US_ASCII)) {
                    client.send(new byte[] {next});
                }
                client.send(GET + GET);

                assertThat(client.message().body()).isEqualTo("served");
                assertThat(client.message().body()).isEqualTo("served");

                assertThat(server.lastRequest().field("x-forwarded-for")).isEqualTo("2001:db8:0:0:0:0:0:7");
                assertThat(next().client()).isEqualTo("[2001:db8:0:0:0:0:0:7]:4711");
            }
        }
    }

    @Test
    void aConnectionWithoutAHeaderIsClosedAndTold() throws Exception {
        try (var server = RawServer.saying("never");
                var balancer = Balancer.with("{}").tells(log).before(server)) {
            balancer.listener().beginning().change(KeepAliveSettings.DEFAULT, TRUSTING);
            try (var client = balancer.client()) {
                client.send(GET);

                assertThat(client.restOrReset()).isIn("", "+RESET");

                var entry = next();
                assertThat(entry.termination()).isEqualTo(Termination.PROXY_HEADER_REFUSED);
                assertThat(entry.detail()).isEqualTo("the connection did not begin with a PROXY protocol header");
                assertThat(entry.client())
                        .isEqualTo("127.0.0.1:" + client.socket().getLocalPort());
                assertThat(balancer.counters().headersRefused()).isEqualTo(1);
                assertThat(server.connections()).isZero();
            }
            Balancer.await("its place is free", () -> balancer.listener().connections() == 0);
        }
    }

    /** Answers with the line that its connection began with. */
    private static RawServer expectingALine() {
        return RawServer.with(connection -> {
            var line = connection.wire().readUntil("\r\n");
            while (connection.wire().message() != null) {
                connection.wire().send(RawServer.ok(line));
            }
        });
    }

    @Test
    void noConnectionToAServerServesTwoClients() throws Exception {
        try (var server = expectingALine();
                var balancer = Balancer.with("proxyProtocol: V1").before(server);
                var one = balancer.client();
                var other = balancer.client()) {
            for (var client : List.of(one, other, one, other)) {
                client.send(GET);
                assertThat(client.message().body())
                        .isEqualTo("PROXY TCP4 127.0.0.1 127.0.0.1 "
                                + client.socket().getLocalPort() + " "
                                + client.socket().getPort() + "\r\n");
            }
            Balancer.await("connections end with their answers", () -> server.open() == 0);
            assertThat(server.connections()).isEqualTo(4);
        }
    }

    @Test
    void theClientBehindTheProxyInFrontIsPassedOn() throws Exception {
        try (var server = expectingALine();
                var balancer = Balancer.with("proxyProtocol: V1").before(server)) {
            balancer.listener().beginning().change(KeepAliveSettings.DEFAULT, TRUSTING);
            try (var client = balancer.client()) {
                client.send(LINE + GET);

                assertThat(client.message().body())
                        .isEqualTo("PROXY TCP6 2001:db8:0:0:0:0:0:7 2001:db8:0:0:0:0:0:1 4711 443\r\n");
            }
        }
    }
}
