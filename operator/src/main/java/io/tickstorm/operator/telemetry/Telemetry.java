package io.tickstorm.operator.telemetry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Asks proxies for their numbers. Thread-safe. */
public interface Telemetry extends AutoCloseable {
    /** How long a proxy may take: a scrape of one with 500 endpoints takes some 20 ms, and what asks waits for the slowest. */
    Duration TIMEOUT = Duration.ofSeconds(1);

    /**
     * Asks all of them at once; blocks until all have answered or had their time. Never fails: who does not answer is silent in the report.
     *
     * @param proxies pods that run
     */
    FleetReport ask(List<ProxyAddress> proxies);

    @Override
    void close();

    /** By their port of metrics. */
    static Telemetry overHttp(InstantSource clock) {
        return new HttpTelemetry(clock, TIMEOUT);
    }
}
