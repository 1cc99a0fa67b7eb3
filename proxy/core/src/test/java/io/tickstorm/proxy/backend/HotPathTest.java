package io.tickstorm.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.balance.BalancingSettings.Kind;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Randomness;
import java.lang.management.ManagementFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one request costs in memory, by the JVM's own count for this thread. */
class HotPathTest {
    private static final int REQUESTS = 20_000;
    /** A lease is three references and five flags: 32 bytes, with compact headers as without. */
    private static final int LEASE_BYTES = 32;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Outcome success = new Outcome.Success(1);

    @ParameterizedTest
    @CsvSource({
        "LEAST_CONNECTIONS, 3",
        "LEAST_CONNECTIONS, 16",
        "LEAST_CONNECTIONS, 100",
        "ROUND_ROBIN, 3",
        "PEAK_EWMA, 16",
        "CONSISTENT_HASH, 100",
        "RANDOM, 3",
        "POWER_OF_TWO_CHOICES, 3"
    })
    void allocatesTheLeaseAlone(Kind policy, int upstreams) {
        var backend = backend(policy, upstreams);
        run(backend, attempts());

        var attempts = attempts();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(backend, attempts);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;

        // A hundredth of a byte over, for what the JVM does on the side.
        assertThat((double) bytes / REQUESTS).isBetween(0.0, LEASE_BYTES + 0.01);
    }

    private void run(Backend backend, Attempts[] attempts) {
        for (var request : attempts) {
            var lease = backend.acquire(request);
            if (lease == null) {
                throw new AssertionError("no upstream");
            }
            lease.end(success);
        }
    }

    private static Attempts[] attempts() {
        return Stream.generate(Attempts::new).limit(REQUESTS).toArray(Attempts[]::new);
    }

    private static Backend backend(Kind policy, int upstreams) {
        var settings = new BackendSettings(
                new BalancingSettings(policy),
                null,
                RetrySettings.DEFAULT,
                CircuitBreakerSettings.DEFAULT,
                OutlierEjectionSettings.DEFAULT);
        var backend = new Backend(
                "web",
                settings,
                null,
                new ManualTime(),
                new ManualTime(),
                Randomness.perThread(),
                (endpoint, check, result) -> {
                    throw new AssertionError("no checks are configured");
                });
        backend.update(new EndpointSet(IntStream.range(0, upstreams)
                .mapToObj(i -> Endpoint.active(new EndpointId("u" + i, "10.0.0." + i, 80), "u" + i))
                .toList()));
        return backend;
    }
}
