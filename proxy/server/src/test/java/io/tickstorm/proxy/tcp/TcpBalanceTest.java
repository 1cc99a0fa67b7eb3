package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.backend.BackendSettings;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Long sessions over real sockets; of 100,000 of them in virtual time the simulator tells. */
class TcpBalanceTest {
    /** Four file descriptors each, all in this process. */
    private static final int SESSIONS = 2_400;

    private static final int SERVERS = 4;

    @Test
    void longSessionsAreSharedOutEvenlyAlsoWhenSomeHaveEnded() throws Exception {
        var random = new Random(20261121);
        try (var relay = new Relay(BackendSettings.DEFAULT, Relay.LIMITS, SERVERS)) {
            var sessions = new ArrayList<Socket>();
            fill(relay, sessions);
            assertEven(relay, SESSIONS);

            // a third of them leaves, whoever they are; those who come make up for what became uneven
            for (int i = 0; i < SESSIONS / 3; i++) {
                Relay.leave(sessions.remove(random.nextInt(sessions.size())));
            }
            await("they have ended", () -> relay.inFlight() == sessions.size());
            fill(relay, sessions);
            assertEven(relay, SESSIONS);
        }
    }

    private static void fill(Relay relay, ArrayList<Socket> sessions) throws Exception {
        while (sessions.size() < SESSIONS) {
            sessions.add(relay.client());
        }
        await("all have an upstream", () -> relay.inFlight() == SESSIONS);
    }

    /** Within two percent of the fair share. */
    private static void assertEven(Relay relay, int sessions) {
        int fair = sessions / SERVERS;
        assertThat(relay.upstreams())
                .allSatisfy(upstream -> assertThat(upstream.inFlight()).isBetween(fair - fair / 50, fair + fair / 50));
    }
}
