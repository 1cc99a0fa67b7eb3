package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.access.Entry;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.access.Try;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.Protocol;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the access log is told of sessions. */
class TcpAccessTest {
    private static Relay relay() throws Exception {
        return new Relay(BackendSettings.DEFAULT, Relay.LIMITS, 1);
    }

    private static void assertTermination(Entry entry, Termination termination) {
        assertThat(entry.termination()).as("%s", entry).isEqualTo(termination);
    }

    @Test
    void aSessionThatBothSidesEndedIsComplete() throws Exception {
        try (var relay = relay()) {
            var client = relay.served();
            client.getOutputStream().write(new byte[3]);
            assertThat(relay.latest().getInputStream().readNBytes(3)).hasSize(3);
            relay.latest().getOutputStream().write(new byte[5]);
            assertThat(client.getInputStream().readNBytes(5)).hasSize(5);
            relay.latest().close();
            client.close();

            var entry = relay.ended();

            assertTermination(entry, Termination.COMPLETE);
            assertThat(entry.listener()).isEqualTo("tcp");
            assertThat(entry.backend()).isEqualTo("feed");
            assertThat(entry.protocol()).isEqualTo(Protocol.TCP);
            assertThat(entry.request()).isNull();
            assertThat(entry.bytesIn()).isEqualTo(3);
            assertThat(entry.bytesOut()).isEqualTo(5);
            var attempt = entry.tries().getFirst();
            assertThat(attempt.upstream())
                    .isEqualTo(relay.upstreams().getFirst().endpoint().name());
            assertThat(attempt.failure()).isNull();
            assertThat(attempt.connectNanos()).isPositive();
            assertThat(attempt.firstByteNanos()).isBetween(attempt.connectNanos(), attempt.endNanos());
            assertThat(entry.totalNanos()).isGreaterThanOrEqualTo(attempt.beganNanos() + attempt.endNanos());
        }
    }

    @Test
    void whoResetsFirstIsNamed() throws Exception {
        try (var relay = relay()) {
            var leaving = relay.served();
            Relay.leave(leaving);
            assertTermination(relay.ended(), Termination.CLIENT_LEFT);

            relay.served();
            Relay.leave(relay.latest());
            var reset = relay.ended();
            assertTermination(reset, Termination.UPSTREAM_RESET);
            assertThat(reset.tries().getFirst().failure()).isEqualTo(FailureKind.RESET);

            var told = relay.served();
            relay.latest().getOutputStream().write(1);
            assertThat(told.getInputStream().read()).isEqualTo(1);
            Relay.leave(relay.latest());
            assertTermination(relay.ended(), Termination.TRUNCATED);
        }
    }

    @Test
    void silenceAndTheEndOfTheProxyAreTold() throws Exception {
        var limits = new ListenerLimits.Tcp(10, Duration.ofMillis(50), Duration.ofSeconds(10));
        try (var relay = new Relay(BackendSettings.DEFAULT, limits, 1)) {
            relay.served();
            assertTermination(relay.ended(), Termination.IDLE_TIMEOUT);
        }
        try (var relay = relay()) {
            relay.served();
            relay.listener().abort();
            assertTermination(relay.ended(), Termination.PROXY_DRAINED);
        }
    }

    @Test
    void everyAttemptThatCouldNotConnectIsTold() throws Exception {
        int refusing;
        try (var gone = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            refusing = gone.getLocalPort();
        }
        try (var relay = relay()) {
            var good = relay.upstreams().getFirst().endpoint();
            relay.backend().update(new EndpointSet(List.of(Relay.endpoint(refusing))));
            relay.client();

            var entry = relay.ended();

            assertTermination(entry, Termination.CONNECT_FAILED);
            assertThat(entry.detail()).contains("127.0.0.1:" + refusing, "CONNECT_REFUSED");
            assertThat(entry.tries()).isNotEmpty().allSatisfy(attempt -> {
                assertThat(attempt.failure()).isEqualTo(FailureKind.CONNECT_REFUSED);
                assertThat(attempt.connectNanos()).isEqualTo(Try.NEVER);
            });

            relay.backend().update(new EndpointSet(List.of(Relay.endpoint(refusing), good)));
            relay.served().close();
            relay.latest().close();
            assertThat(relay.ended().tries().getLast().failure()).isNull();
        }
    }

    @Test
    void aConnectionTooManyIsTold() throws Exception {
        var limits = new ListenerLimits.Tcp(1, Duration.ZERO, Duration.ofSeconds(10));
        try (var relay = new Relay(BackendSettings.DEFAULT, limits, 1)) {
            relay.served();
            relay.client();

            assertTermination(relay.ended(), Termination.TOO_MANY_CONNECTIONS);
            await("the first one goes on", () -> relay.listener().connections() == 1);
        }
    }
}
