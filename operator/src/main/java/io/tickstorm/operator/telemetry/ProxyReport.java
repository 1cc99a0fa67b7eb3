package io.tickstorm.operator.telemetry;

import java.time.Instant;
import java.util.List;

/**
 * What one proxy said.
 *
 * @param pod its name
 * @param configuration {@link io.tickstorm.proxy.config.ConfigHash} of the text that it took over last; empty while there is none
 * @param refused whether it refused a newer text than that
 * @param started when its process began, from when on it counts
 * @param activeConnections of clients, open on all its listeners
 * @param upstreams those that it knows now, of all its backends
 */
public record ProxyReport(
        String pod,
        String configuration,
        boolean refused,
        Instant started,
        long activeConnections,
        List<UpstreamReport> upstreams) {

    public ProxyReport {
        upstreams = List.copyOf(upstreams);
    }

    /** Whether it runs by the configuration of this hash. */
    public boolean has(String hash) {
        return !refused && configuration.equals(hash);
    }
}
