package io.tickstorm.operator.telemetry;

import java.time.Instant;
import java.util.List;

/**
 * What the proxies of a cluster said at one time.
 *
 * @param at when they were asked
 * @param proxies those that answered
 * @param silent names of the pods that did not answer in time, or not in words that are understood
 */
public record FleetReport(Instant at, List<ProxyReport> proxies, List<String> silent) {
    public FleetReport {
        proxies = List.copyOf(proxies);
        silent = List.copyOf(silent);
    }

    /** How many have taken over the configuration of this hash. */
    public int having(String hash) {
        return (int) proxies.stream().filter(proxy -> proxy.has(hash)).count();
    }

    /** Whether every proxy that was asked has taken it over; false if none was asked. */
    public boolean allHave(String hash) {
        return silent.isEmpty() && !proxies.isEmpty() && having(hash) == proxies.size();
    }
}
