package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.LimitSettings;
import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.endpoint.EndpointSet;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions and the limits, the line and the choice of their backend. */
class TcpWaitingTest {
    private static BackendSettings settings(BalancingSettings.Kind policy, LimitSettings limits) {
        var defaults = BackendSettings.DEFAULT;
        return new BackendSettings(
                new BalancingSettings(policy),
                null,
                defaults.retries(),
                defaults.circuitBreaker(),
                defaults.outlierEjection(),
                limits,
                null);
    }

    private static BackendSettings oneEach(int queue, Duration timeout) {
        return settings(
                BalancingSettings.Kind.LEAST_CONNECTIONS,
                new LimitSettings(0, 1, new LimitSettings.Queue(queue, timeout)));
    }

    @Test
    void sessionsGetTheUpstreamInTheOrderInWhichTheyCame() throws Exception {
        try (var relay = new Relay(oneEach(10, Duration.ofSeconds(20)), Relay.LIMITS, 1)) {
            var sessions = new ArrayList<Socket>();
            sessions.add(relay.served());
            for (int i = 1; i < 5; i++) {
                int waiting = i;
                sessions.add(relay.client());
                await("it waits", () -> relay.backend().queued() == waiting);
            }
            for (int i = 0; i < 4; i++) {
                var first = relay.latest();
                Relay.leave(sessions.get(i));
                await("the next one is served", () -> relay.latest() != first);
                var next = sessions.get(i + 1);
                next.getOutputStream().write(i);
                assertThat(relay.latest().getInputStream().read()).isEqualTo(i);
                assertThat(relay.upstreams().getFirst().connections().open()).isOne();
            }
            assertThat(relay.upstreams().getFirst().tally().requests()).isEqualTo(5);
        }
    }

    @Test
    void whoWaitsTooLongIsReset() throws Exception {
        try (var relay = new Relay(oneEach(10, Duration.ofMillis(50)), Relay.LIMITS, 1)) {
            relay.served();
            var late = relay.client();

            var entry = relay.ended();

            assertThat(entry.termination()).isEqualTo(Termination.QUEUE_TIMEOUT);
            assertThat(entry.waitedNanos())
                    .isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
            assertThat(entry.tries()).isEmpty();
            assertThat(entry.client()).isEqualTo("127.0.0.1:" + late.getLocalPort());
            assertThat(relay.listener().unserved()).isOne();
        }
    }

    @Test
    void whoFindsTheLineFullIsReset() throws Exception {
        try (var relay = new Relay(oneEach(1, Duration.ofSeconds(20)), Relay.LIMITS, 1)) {
            relay.served();
            relay.client();
            await("it waits", () -> relay.backend().queued() == 1);
            relay.client();

            assertThat(relay.ended().termination()).isEqualTo(Termination.QUEUE_FULL);
        }
    }

    @Test
    void whoLeavesWhileItWaitsLeavesTheLine() throws Exception {
        try (var relay = new Relay(oneEach(10, Duration.ofSeconds(20)), Relay.LIMITS, 1)) {
            relay.served();
            var impatient = relay.client();
            await("it waits", () -> relay.backend().queued() == 1);

            Relay.leave(impatient);

            assertThat(relay.ended().termination()).isEqualTo(Termination.CLIENT_LEFT);
            assertThat(relay.backend().queued()).isZero();
        }
    }

    @Test
    void anEndpointThatComesServesWhoWaits() throws Exception {
        try (var relay = new Relay(oneEach(10, Duration.ofSeconds(20)), Relay.LIMITS, 1)) {
            var endpoint = relay.upstreams().getFirst().endpoint();
            relay.backend().update(EndpointSet.EMPTY);
            relay.client();
            await("it waits", () -> relay.backend().queued() == 1);

            relay.backend().update(new EndpointSet(List.of(endpoint)));

            await("it is served", () -> relay.inFlight() == 1);
        }
    }

    @Test
    void oneClientStaysWithOneUpstream() throws Exception {
        try (var relay =
                new Relay(settings(BalancingSettings.Kind.SOURCE_IP_HASH, LimitSettings.NONE), Relay.LIMITS, 4)) {
            var homes = new HashMap<String, List<Long>>();
            for (int client = 1; client <= 20; client++) {
                for (int time = 0; time < 2; time++) {
                    var before = requests(relay);
                    var visitor = relay.client("127.0.0." + client);
                    await("it has been served", () -> !requests(relay).equals(before));
                    Relay.leave(visitor);
                    await("it has ended", () -> relay.listener().connections() == 0);
                    var after = requests(relay);
                    var home = new ArrayList<Long>();
                    for (int i = 0; i < 4; i++) {
                        home.add(after.get(i) - before.get(i));
                    }
                    assertThat(homes.computeIfAbsent("127.0.0." + client, first -> home))
                            .isEqualTo(home);
                }
            }
            assertThat(homes.values()).as("they are not all the same").hasSizeGreaterThan(1);
            assertThat(List.copyOf(new java.util.HashSet<>(homes.values()))).hasSizeGreaterThan(1);
        }
    }

    private static List<Long> requests(Relay relay) {
        return relay.upstreams().stream()
                .map(upstream -> upstream.tally().requests())
                .toList();
    }
}
