package io.tickstorm.proxy.health;

import io.tickstorm.proxy.endpoint.ProxyProtocol;
import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an upstream is asked, and how often.
 *
 * @param probe what is asked
 * @param port where; 0 = the port that traffic goes to
 * @param interval from the beginning of one check to that of the next
 * @param fastInterval from a result that speaks against the verdict, but does not change it yet, to the next check; at most
 *     the interval
 * @param timeout until an answer that has not come is a failure; at most the interval
 * @param rise successes in a row that bring an upstream back, 1 or more
 * @param fall failures in a row that take it out, 1 or more
 * @param proxyProtocol how the check's connection begins; not among its keys, for it follows from those of the backend
 */
public record HealthCheckSettings(
        Probe probe,
        int port,
        Duration interval,
        Duration fastInterval,
        Duration timeout,
        int rise,
        int fall,
        ProxyProtocol proxyProtocol) {
    public static final HealthCheckSettings DEFAULT = new HealthCheckSettings(
            Probe.Http.DEFAULT, 0, Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(3), 2, 2);

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MAX_IN_A_ROW = 100;

    /** Without the PROXY protocol. */
    public HealthCheckSettings(
            Probe probe, int port, Duration interval, Duration fastInterval, Duration timeout, int rise, int fall) {
        this(probe, port, interval, fastInterval, timeout, rise, fall, ProxyProtocol.NONE);
    }

    public static HealthCheckSettings read(Section section) {
        var probe = Probe.read(section);
        var interval = section.duration("interval", SHORTEST, LONGEST, DEFAULT.interval());
        return new HealthCheckSettings(
                probe,
                section.integer("port", 1, 65535, DEFAULT.port()),
                interval,
                within(section, "fastInterval", interval, DEFAULT.fastInterval()),
                within(section, "timeout", interval, DEFAULT.timeout()),
                section.integer("rise", 1, MAX_IN_A_ROW, DEFAULT.rise()),
                section.integer("fall", 1, MAX_IN_A_ROW, DEFAULT.fall()));
    }

    /** As a check of endpoints that speak HTTP/2; on a port of its own, a check is left as it is. */
    public HealthCheckSettings overHttp2() {
        if (port != 0 || !(probe instanceof Probe.Http http)) {
            return this;
        }
        return new HealthCheckSettings(
                new Probe.Http(http.path(), http.expectedStatus(), true),
                port,
                interval,
                fastInterval,
                timeout,
                rise,
                fall,
                proxyProtocol);
    }

    /** As a check of endpoints that expect this of all connections; on a port of its own, a check is left as it is. */
    public HealthCheckSettings through(ProxyProtocol expected) {
        return port != 0
                ? this
                : new HealthCheckSettings(probe, port, interval, fastInterval, timeout, rise, fall, expected);
    }

    private static Duration within(Section section, String key, Duration interval, Duration fallback) {
        // Without a word about it, a short interval shortens it.
        var read = section.duration(key, SHORTEST, LONGEST, interval.compareTo(fallback) < 0 ? interval : fallback);
        if (read.compareTo(interval) > 0) {
            section.problem(
                    key,
                    Durations.format(read) + " (expected: at most the interval, " + Durations.format(interval) + ")");
        }
        return read;
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("type", probe.type().toString());
        if (port != 0) {
            map.put("port", port);
        }
        probe.write(map);
        map.put("interval", Durations.format(interval));
        map.put("fastInterval", Durations.format(fastInterval));
        map.put("timeout", Durations.format(timeout));
        map.put("rise", rise);
        map.put("fall", fall);
        return map;
    }
}
