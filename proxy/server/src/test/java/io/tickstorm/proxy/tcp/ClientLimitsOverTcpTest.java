package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.admission.Client;
import io.tickstorm.proxy.admission.ClientLimits.Reason;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.listener.ClientSettings;
import io.tickstorm.proxy.listener.Rate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one client may ask of a TCP listener, over sockets whose addresses are clients of their own. */
class ClientLimitsOverTcpTest {
    @Test
    void aClientHasSoManyConnectionsAndOthersHaveTheirs() throws Exception {
        try (var relay =
                limited(new ClientSettings(3, Rate.UNLIMITED, Rate.UNLIMITED, Rate.UNLIMITED, 64, List.of()))) {
            var mine = new ArrayList<Socket>();
            for (int i = 0; i < 3; i++) {
                mine.add(relay.client("127.0.0.2"));
            }
            await("three are served", () -> relay.inFlight() == 3);

            assertThat(wasReset(relay.client("127.0.0.2"))).isTrue();
            relay.client("127.0.0.3");
            await("another client is served", () -> relay.inFlight() == 4);
            Relay.leave(mine.getFirst());
            await(
                    "a place is free",
                    () -> relay.listener().clients().connections(Client.of(address("127.0.0.2"))) == 2);
            relay.client("127.0.0.2");
            await("it is taken", () -> relay.inFlight() == 4);

            assertThat(relay.listener().clients().refused(Reason.CONNECTIONS)).isOne();
            assertThat(relay.listener().refused()).as("by maxConnections").isZero();
            assertThat(relay.listener().accepted()).isEqualTo(5);
        }
    }

    @Test
    void newConnectionsComeAtTheirRate() throws Exception {
        // Slow enough that no token comes while the test runs.
        var settings = new ClientSettings(0, new Rate(1, 5), Rate.UNLIMITED, Rate.UNLIMITED, 64, List.of());
        try (var relay = limited(settings)) {
            int passed = 0;
            long began = System.nanoTime();
            for (int i = 0; i < 30; i++) {
                passed += talks(relay, "127.0.0.2") ? 1 : 0;
            }
            long seconds = (System.nanoTime() - began) / 1_000_000_000 + 1;

            assertThat(passed).isBetween(5, (int) (5 + seconds));
            assertThat(relay.listener().clients().refused(Reason.CONNECTION_RATE))
                    .isEqualTo(30 - passed);
            assertThat(talks(relay, "127.0.0.3")).isTrue();
        }
    }

    @Test
    void moreMessagesThanAllowedResetTheConnection() throws Exception {
        var settings = new ClientSettings(0, Rate.UNLIMITED, Rate.UNLIMITED, new Rate(1, 3), 64, List.of());
        try (var relay = limited(settings)) {
            var client = served(relay, "127.0.0.2");
            var other = served(relay, "127.0.0.3");
            var seenOfOther = relay.latest();
            for (int i = 0; i < 3; i++) {
                client.getOutputStream().write(i);
                int passed = i + 1;
                await("it was passed on", () -> relay.listener().bytesIn() == passed);
            }

            client.getOutputStream().write(3);

            assertThat(wasReset(client)).isTrue();
            await("it has ended", () -> relay.inFlight() == 1);
            assertThat(relay.listener().bytesIn()).isEqualTo(3);
            assertThat(relay.listener().clients().refused(Reason.MESSAGE_RATE)).isOne();
            assertThat(relay.ended().termination()).isEqualTo(Termination.RATE_LIMITED);
            other.getOutputStream().write(4);
            assertThat(seenOfOther.getInputStream().read())
                    .as("what another client sends")
                    .isEqualTo(4);
        }
    }

    @Test
    void whatTheServerSendsIsNotCounted() throws Exception {
        var settings = new ClientSettings(0, Rate.UNLIMITED, Rate.UNLIMITED, new Rate(1, 1), 64, List.of());
        try (var relay = limited(settings)) {
            var client = served(relay, "127.0.0.2");
            for (int i = 0; i < 20; i++) {
                relay.latest().getOutputStream().write(i);
                assertThat(client.getInputStream().read()).isEqualTo(i);
            }

            assertThat(relay.listener().clients().refused(Reason.MESSAGE_RATE)).isZero();
        }
    }

    @Test
    void fiveHundredClientsLeaveNothingBehind() throws Exception {
        var settings = new ClientSettings(1, new Rate(1, 1), Rate.UNLIMITED, Rate.UNLIMITED, 65_536, List.of());
        try (var relay = limited(settings)) {
            int passed = 0;
            for (int i = 0; i < 500; i++) {
                passed += talks(relay, "127.7." + i / 100 + "." + (1 + i % 100)) ? 1 : 0;
            }

            assertThat(passed).isEqualTo(500);
            await("all have gone", () -> relay.listener().clients().clients() == 0);
        }
    }

    private static Relay limited(ClientSettings settings) throws IOException {
        var relay = new Relay(BackendSettings.DEFAULT, Relay.LIMITS, 1);
        relay.listener().clients().change(settings);
        return relay;
    }

    /** A client whose session has its upstream. */
    private static Socket served(Relay relay, String from) throws IOException {
        var last = relay.latest();
        var client = relay.client(from);
        await("a server to have it", () -> relay.latest() != last);
        return client;
    }

    /** Whether a new connection of this client is served; it is closed afterwards. */
    private static boolean talks(Relay relay, String from) throws Exception {
        long before = relay.listener().accepted();
        long refused = relay.listener().clients().refused(Reason.CONNECTION_RATE);
        var client = relay.client(from);
        await(
                "it is let in or not",
                () -> relay.listener().accepted() > before
                        || relay.listener().clients().refused(Reason.CONNECTION_RATE) > refused);
        boolean served = relay.listener().accepted() > before;
        // A reset may come so early that connecting fails, which closes the socket.
        if (!client.isClosed()) {
            Relay.leave(client);
        }
        return served;
    }

    private static boolean wasReset(Socket client) throws IOException {
        try {
            return client.getInputStream().read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
