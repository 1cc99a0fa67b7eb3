package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.route.Route;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.route.ServerNames;
import io.tickstorm.proxy.settings.Yaml;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that go where their TLS client wants, though nobody here can read what it says. */
class TcpRoutesTest {
    private static Relay relay(boolean fallback) throws IOException {
        var relay = new Relay(BackendSettings.DEFAULT, Relay.LIMITS, 1);
        var names = ServerNames.read(Yaml.read("serverNames: [a.example, \"*.b.example\"]", "test"));
        var target = Split.to(relay.backend());
        relay.listener().route(new Routes<>(List.of(new Route<>("", names, target)), fallback ? target : null));
        return relay;
    }

    private static byte[] hello(String name) throws Exception {
        var engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
        engine.setSSLParameters(parameters);
        var out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.example", "A.Example", "x.b.example", "y.x.b.example"})
    void theServerOfTheNameGetsEveryByteAsItCame(String name) throws Exception {
        try (var relay = relay(false)) {
            var bytes = hello(name);
            var client = relay.client();
            client.setTcpNoDelay(true);
            for (byte each : bytes) {
                client.getOutputStream().write(each);
            }
            client.getOutputStream().write(new byte[] {1, 2, 3});
            client.shutdownOutput();

            await("a server has it", () -> relay.latest() != null);
            var all = relay.latest().getInputStream().readAllBytes();

            assertThat(Arrays.copyOf(all, bytes.length)).isEqualTo(bytes);
            assertThat(Arrays.copyOfRange(all, bytes.length, all.length)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aNameWithoutARouteIsClosedAndTold() throws Exception {
        try (var relay = relay(false)) {
            for (var name : List.of("b.example", "c.example")) {
                var client = relay.client();
                client.getOutputStream().write(hello(name));

                assertClosed(client);
                var entry = relay.ended();
                assertThat(entry.termination()).isEqualTo(Termination.NO_ROUTE);
                assertThat(entry.detail()).isEqualTo("asked for " + name);
            }
            var client = relay.client();
            client.getOutputStream().write(hello(null));

            assertClosed(client);
            assertThat(relay.ended().detail()).isEqualTo("no name was asked for");
            assertThat(relay.listener().unrouted()).isEqualTo(3);
            assertThat(relay.latest()).isNull();
            await("all are gone", () -> relay.listener().connections() == 0);
        }
    }

    @Test
    void whatHasNoRouteGoesToTheBackendOfAllOthers() throws Exception {
        try (var relay = relay(true)) {
            var bytes = hello(null);
            relay.client().getOutputStream().write(bytes);

            await("a server has it", () -> relay.latest() != null);
            assertThat(relay.latest().getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
        }
    }

    @Test
    void whatIsNoTlsIsClosedAndTold() throws Exception {
        try (var relay = relay(true)) {
            var client = relay.client();
            client.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));

            assertClosed(client);
            var entry = relay.ended();
            assertThat(entry.termination()).isEqualTo(Termination.CLIENT_HELLO_REFUSED);
            assertThat(entry.detail()).isEqualTo("the connection did not begin with a TLS handshake");
        }
    }

    @Test
    void aClientThatLeavesWithinItsHelloIsToldAndHoldsNothing() throws Exception {
        try (var relay = relay(true)) {
            var client = relay.client();
            client.getOutputStream().write(hello("a.example"), 0, 50);
            client.shutdownOutput();

            assertClosed(client);
            assertThat(relay.ended().detail()).isEqualTo("the client left within its TLS ClientHello");
            await("all are gone", () -> relay.listener().connections() == 0);
        }
    }

    private static void assertClosed(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            // that is closed, too; an open one would have timed out
        }
    }
}
