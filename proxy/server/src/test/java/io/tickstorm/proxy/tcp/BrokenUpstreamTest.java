package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.settings.Yaml;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers that die in the middle of a dialogue, or that never were. */
class BrokenUpstreamTest {
    private static final byte[] QUESTION = "HELO client.example\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = "250 server.example\r\n".getBytes(StandardCharsets.US_ASCII);

    private static BackendSettings settings() {
        // a server that dies again and again is what this is about
        return BackendSettings.read(Yaml.read("circuitBreaker: {consecutiveFailures: 0}", "test"));
    }

    @Test
    void aServerThatDiesWithinTheQuestionResetsItsClient() throws Exception {
        try (var relay = new Relay(settings(), Relay.LIMITS, 1)) {
            for (int offset = 0; offset < QUESTION.length; offset++) {
                var client = relay.served();
                client.getOutputStream().write(QUESTION);
                assertThat(relay.latest().getInputStream().readNBytes(offset)).hasSize(offset);

                Relay.leave(relay.latest());

                assertReset(client, offset);
                assertThat(relay.ended().termination()).as("offset %s", offset).isEqualTo(Termination.UPSTREAM_RESET);
            }
        }
    }

    @Test
    void aServerThatDiesWithinTheAnswerResetsItsClientWhoHasAllThatWasSaid() throws Exception {
        try (var relay = new Relay(settings(), Relay.LIMITS, 1)) {
            for (int offset = 1; offset < ANSWER.length; offset++) {
                var client = relay.served();
                client.getOutputStream().write(QUESTION);
                assertThat(relay.latest().getInputStream().readNBytes(QUESTION.length))
                        .isEqualTo(QUESTION);
                relay.latest().getOutputStream().write(ANSWER, 0, offset);
                assertThat(client.getInputStream().readNBytes(offset)).startsWith(ANSWER[0]);

                Relay.leave(relay.latest());

                assertReset(client, offset);
                var entry = relay.ended();
                assertThat(entry.termination()).as("offset %s", offset).isEqualTo(Termination.TRUNCATED);
                assertThat(entry.bytesOut()).isEqualTo(offset);
            }
        }
    }

    @Test
    void aThousandClientsOfADeadServerAreAllToldAndLeaveNothing() throws Exception {
        var hasty = BackendSettings.read(Yaml.read("{retries: {attempts: 0}, limits: {queue: {timeout: 0s}}}", "test"));
        try (var relay = new Relay(hasty, Relay.LIMITS, 1)) {
            relay.backend().update(new EndpointSet(List.of(Relay.endpoint(closedPort()))));

            for (int number = 0; number < 1_000; number++) {
                assertReset(relay.client(), number);
                assertThat(relay.ended().termination()).isIn(Termination.CONNECT_FAILED, Termination.NO_UPSTREAM);
            }

            await("all are gone", () -> relay.listener().connections() == 0);
            assertThat(relay.listener().unserved()).isEqualTo(1_000);
            assertThat(relay.inFlight()).isZero();
        }
    }

    private static int closedPort() throws IOException {
        try (var gone = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return gone.getLocalPort();
        }
    }

    /** An orderly end would say that all was told. */
    private static void assertReset(Socket client, int number) throws IOException {
        try {
            assertThat(
                            client.isClosed()
                                    ? "closed"
                                    : "read " + client.getInputStream().read())
                    .as("number %s", number)
                    .isEqualTo("closed");
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        client.close();
    }
}
