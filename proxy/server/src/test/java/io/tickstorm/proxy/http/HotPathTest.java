package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a request costs the event loops in memory that the collector has to clear away. */
class HotPathTest {
    private static final int WARM_UP = 5_000;
    private static final int REQUESTS = 5_000;

    /**
     * The exchange, its request, its answer, the attempt and the lease, and the handles of buffers: 338 bytes were measured with compact object headers. Room
     * for the compiler to have done less than it usually does; a buffer or a text for each request would not fit.
     */
    private static final long MOST_BYTES = 1024;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ResourceLeakDetector.Level usual = ResourceLeakDetector.getLevel();

    /** The detector of leaks writes down where each buffer has been, which is far more than all else. */
    @BeforeEach
    void detectNoLeaks() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void detectLeaks() {
        ResourceLeakDetector.setLevel(usual);
    }

    @Test
    void aRequestOverKeptConnectionsAllocatesLittle() throws IOException {
        try (var server = RawServer.saying("hello");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            ask(client, WARM_UP);
            long before = allocated();

            ask(client, REQUESTS);

            long each = (allocated() - before) / REQUESTS;
            assertThat(each).as("bytes for each request").isBetween(1L, MOST_BYTES);
        }
    }

    private static void ask(Wire client, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.message();
        }
    }

    /** By all event loops: the only platform threads of that name. */
    private static long allocated() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().contains("EventLoopGroup"))
                .mapToLong(info -> THREADS.getThreadAllocatedBytes(info.getThreadId()))
                .sum();
    }
}
