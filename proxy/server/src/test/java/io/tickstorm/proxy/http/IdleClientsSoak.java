package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.tcp.Herd;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@code make soak}: 15,000 clients that have been served and keep their connections. */
class IdleClientsSoak {
    private static final int CLIENTS = 15_000;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void fifteenThousandIdleConnectionsAreHeldAtOnce() throws Exception {
        var limits = new ListenerLimits.Http(
                CLIENTS, Duration.ZERO, Duration.ofSeconds(10), Duration.ZERO, Duration.ZERO, Duration.ZERO, 16 * 1024);
        try (var clients = Herd.start();
                var server = RawServer.saying("served");
                var balancer = Balancer.before(limits, server)) {
            int answer = RawServer.ok("served").length();
            clients.connect(balancer.listener().number(), 1, GET, answer);
            long before = heap();

            clients.connect(balancer.listener().number(), CLIENTS - 1, GET, answer);

            assertThat(balancer.listener().connections()).isEqualTo(CLIENTS);
            long each = (heap() - before) / CLIENTS;
            System.out.println(CLIENTS + " idle connections, " + each + " bytes of heap each");
            // Netty's channel and pipeline, and our handlers; a buffer would be thousands more.
            assertThat(each).isLessThan(16 * 1024);
        }
    }

    private static long heap() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
