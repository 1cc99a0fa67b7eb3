package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.admission.Client;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.endpoint.ProxyProtocol;
import io.tickstorm.proxy.listener.BackendShare;
import io.tickstorm.proxy.listener.ClientSettings;
import io.tickstorm.proxy.listener.ForwardedSettings;
import io.tickstorm.proxy.listener.KeepAliveSettings;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.listener.ProxyProtocolSettings;
import io.tickstorm.proxy.listener.ProxyProtocolSettings.Untrusted;
import io.tickstorm.proxy.listener.Rate;
import io.tickstorm.proxy.settings.Yaml;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol on both sides of TCP sessions. Of the addresses of this machine, 127.0.0.1 is a trusted proxy. */
class TcpProxyProtocolTest {
    private static final String LINE = "PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n";
    private static final byte[] BLOCK =
            ByteBufUtil.decodeHexDump("0d0a0d0a000d0a515549540a2111000cc0000207c6336401126701bb");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final ProxyProtocolSettings TRUSTING = trusting(LONG, Untrusted.REFUSE);

    private static ProxyProtocolSettings trusting(Duration timeout, Untrusted untrusted) {
        var section = Yaml.read(
                "{trustedProxies: [127.0.0.1], timeout: " + timeout.toMillis() + "ms, untrusted: " + untrusted + "}",
                "test");
        var settings = ProxyProtocolSettings.read(section);
        assertThat(section.problems().messages()).isEmpty();
        return settings;
    }

    private static Relay relay(ProxyProtocolSettings incoming, ProxyProtocol outgoing) throws IOException {
        return relay(incoming, outgoing, Relay.LIMITS, ClientSettings.UNLIMITED);
    }

    private static Relay relay(
            ProxyProtocolSettings incoming, ProxyProtocol outgoing, ListenerLimits.Tcp limits, ClientSettings clients)
            throws IOException {
        var section = Yaml.read("proxyProtocol: " + outgoing, "test");
        var backend = BackendSettings.read(section);
        assertThat(section.problems().messages()).isEmpty();
        var listening = new ListenerSettings(
                "tcp",
                "127.0.0.1",
                0,
                List.of(new BackendShare("feed", 1)),
                limits,
                Rate.UNLIMITED,
                clients,
                null,
                incoming,
                null,
                ForwardedSettings.DEFAULT,
                List.of(),
                KeepAliveSettings.DEFAULT,
                null);
        return new Relay(backend, listening, 1);
    }

    @ParameterizedTest
    @CsvSource({"NONE", "V1", "V2"})
    void theAddressOfATrustedProxyIsPassedOnAndKnown(ProxyProtocol outgoing) throws Exception {
        try (var relay = relay(TRUSTING, outgoing)) {
            var client = relay.client();
            send(client, LINE + "hello");

            await("a server has it", () -> relay.latest() != null);
            var expected = switch (outgoing) {
                case NONE -> "hello";
                case V1 -> LINE + "hello";
                case V2 -> new String(BLOCK, StandardCharsets.ISO_8859_1) + "hello";
            };
            assertThat(read(relay.latest(), expected.length())).isEqualTo(expected);
            send(relay.latest(), "world");
            assertThat(read(client, 5)).isEqualTo("world");

            Relay.leave(client);
            var entry = relay.ended();
            assertThat(entry.client()).isEqualTo("192.0.2.7:4711");
            assertThat(entry.bytesIn()).isEqualTo(5);
        }
    }

    @Test
    void aClientWithoutAHeaderIsPassedOnAsTheSocketSays() throws Exception {
        try (var relay = relay(null, ProxyProtocol.V1)) {
            var client = relay.served();

            var line = "PROXY TCP4 127.0.0.1 127.0.0.1 " + client.getLocalPort() + " " + client.getPort() + "\r\n";

            assertThat(read(relay.latest(), line.length())).isEqualTo(line);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHeaderMayComeByteByByte(boolean binary) throws Exception {
        var header = binary ? BLOCK : LINE.getBytes(StandardCharsets.US_ASCII);
        try (var relay = relay(TRUSTING, ProxyProtocol.V1)) {
            var client = relay.client();
            client.setTcpNoDelay(true);

            for (byte next : header) {
                client.getOutputStream().write(next);
            }
            send(client, "hello");

            await("a server has it", () -> relay.latest() != null);
            assertThat(read(relay.latest(), LINE.length() + 5)).isEqualTo(LINE + "hello");
        }
    }

    @Test
    void aHeaderMayBeSplitAnywhere() throws Exception {
        try (var relay = relay(TRUSTING, ProxyProtocol.V1)) {
            for (int first = 1; first < BLOCK.length; first++) {
                var client = relay.client();
                client.setTcpNoDelay(true);
                int before = (int) relay.listener().bytesIn();

                client.getOutputStream().write(BLOCK, 0, first);
                client.getOutputStream().write(BLOCK, first, BLOCK.length - first);
                send(client, "x");

                await("it has passed", () -> relay.listener().bytesIn() == before + 1);
            }
            assertThat(relay.listener().headersRefused()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0"})
    void aProxyThatSpeaksForItselfIsTheClient(String header) throws Exception {
        try (var relay = relay(TRUSTING, ProxyProtocol.NONE)) {
            var client = relay.client();
            send(client, header + "hello");

            await("a server has it", () -> relay.latest() != null);
            assertThat(read(relay.latest(), 5)).isEqualTo("hello");
            Relay.leave(client);
            assertThat(relay.ended().client()).isEqualTo("127.0.0.1:" + client.getLocalPort());
        }
    }

    @Test
    void whoIsNotTrustedIsClosed() throws Exception {
        try (var relay = relay(TRUSTING, ProxyProtocol.NONE)) {
            var client = relay.client("127.0.0.2");

            assertClosed(client);

            assertRefused(relay, "the peer is no trusted proxy");
        }
    }

    @Test
    void whoIsNotTrustedMayBeServedButIsNotBelieved() throws Exception {
        try (var relay = relay(trusting(LONG, Untrusted.SERVE), ProxyProtocol.NONE)) {
            var client = relay.client("127.0.0.2");
            send(client, LINE);

            await("a server has it", () -> relay.latest() != null);
            assertThat(read(relay.latest(), LINE.length())).isEqualTo(LINE);
            Relay.leave(client);
            assertThat(relay.ended().client()).startsWith("127.0.0.2:");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET / HTTP/1.1 | the connection did not begin with a PROXY protocol header",
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711 65536 | the PROXY protocol header was malformed"
            })
    void whatIsNoHeaderIsClosed(String line, String words) throws Exception {
        try (var relay = relay(TRUSTING, ProxyProtocol.NONE)) {
            var client = relay.client();
            send(client, line + "\r\n");

            assertClosed(client);

            assertRefused(relay, words);
            assertThat(relay.latest()).isNull();
        }
    }

    @Test
    void aHeaderThatDoesNotComeInTimeIsClosed() throws Exception {
        try (var relay = relay(trusting(Duration.ofMillis(100), Untrusted.REFUSE), ProxyProtocol.NONE)) {
            var client = relay.client();
            send(client, LINE.substring(0, 20));

            assertClosed(client);

            assertRefused(relay, "the PROXY protocol header did not come in time");
        }
    }

    @Test
    void aPeerThatLeavesWithinItsHeaderIsTold() throws Exception {
        try (var relay = relay(TRUSTING, ProxyProtocol.NONE)) {
            var client = relay.client();
            send(client, LINE.substring(0, 20));
            client.shutdownOutput();

            assertClosed(client);

            assertRefused(relay, "the peer left within its PROXY protocol header");
        }
    }

    @Test
    void aPeerThatOnlyLooksWhetherThePortIsOpenIsNotTold() throws Exception {
        try (var relay = relay(TRUSTING, ProxyProtocol.NONE)) {
            relay.client().close();
            send(relay.client("127.0.0.2"), "");

            assertRefused(relay, "the peer is no trusted proxy");
            await("both are gone", () -> relay.listener().connections() == 0);
        }
    }

    @Test
    void whoHasNotSentItsHeaderHoldsAPlace() throws Exception {
        var limits = new ListenerLimits.Tcp(1, Duration.ZERO, LONG);
        try (var relay = relay(TRUSTING, ProxyProtocol.NONE, limits, ClientSettings.UNLIMITED)) {
            var first = relay.client();
            await("it holds its place", () -> relay.listener().connections() == 1);

            assertClosed(relay.client());
            assertThat(relay.ended().termination()).isEqualTo(Termination.TOO_MANY_CONNECTIONS);

            send(first, LINE + "x");
            await("it passes", () -> relay.listener().bytesIn() == 1);
            assertThat(relay.listener().connections()).isEqualTo(1);
            Relay.leave(first);
            await("its place is free", () -> relay.listener().connections() == 0);
        }
    }

    @Test
    void limitsAreThoseOfTheClientBehindTheProxy() throws Exception {
        var one = new ClientSettings(1, Rate.UNLIMITED, Rate.UNLIMITED, Rate.UNLIMITED, 64, List.of());
        try (var relay = relay(TRUSTING, ProxyProtocol.NONE, Relay.LIMITS, one)) {
            var first = relay.client();
            send(first, LINE + "x");
            await("it passes", () -> relay.listener().bytesIn() == 1);

            var second = relay.client();
            send(second, LINE + "x");
            assertClosed(second);
            var other = relay.client();
            send(other, LINE.replace("192.0.2.7", "192.0.2.8") + "x");

            await("the other one passes", () -> relay.listener().bytesIn() == 2);
            var limits = relay.listener().clients();
            assertThat(limits.connections(Client.of(InetAddress.ofLiteral("192.0.2.7"))))
                    .isEqualTo(1);
            Relay.leave(first);
            await("it is gone", () -> limits.connections(Client.of(InetAddress.ofLiteral("192.0.2.7"))) == 0);
        }
    }

    @Test
    void aChangeIsForConnectionsToCome() throws Exception {
        try (var relay = relay(null, ProxyProtocol.NONE)) {
            var before = relay.served();

            relay.listener().beginning().change(KeepAliveSettings.DEFAULT, TRUSTING);

            send(before, "still here");
            assertThat(read(relay.latest(), 10)).isEqualTo("still here");
            var after = relay.client();
            send(after, "no header");
            assertClosed(after);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"V1", "V2"})
    void theHeaderComesFirstThoughTheClientHasSentAndEnded(ProxyProtocol outgoing) throws Exception {
        try (var relay = relay(null, outgoing)) {
            var client = relay.client();
            send(client, "early");
            client.shutdownOutput();

            await("a server has it", () -> relay.latest() != null);
            var all = new String(relay.latest().getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(all).startsWith(outgoing == ProxyProtocol.V1 ? "PROXY TCP4 " : "\r\n\r\n\0\r\nQUIT\n!");
            assertThat(all).endsWith("early");
        }
    }

    private static void assertRefused(Relay relay, String words) {
        var entry = relay.ended();
        assertThat(entry.termination()).isEqualTo(Termination.PROXY_HEADER_REFUSED);
        assertThat(entry.detail()).isEqualTo(words);
        assertThat(relay.listener().headersRefused()).isEqualTo(1);
    }

    private static void assertClosed(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            // that is closed, too; an open one would have timed out
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String read(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }
}
