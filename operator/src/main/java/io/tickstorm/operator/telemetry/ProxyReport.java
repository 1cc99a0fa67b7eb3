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
 * @param problems what is wrong with the last text of configuration that came to it, in words; the first few
 */
public record ProxyReport(
        String pod,
        String configuration,
        boolean refused,
        Instant started,
        long activeConnections,
        List<UpstreamReport> upstreams,
        List<String> problems) {

    public ProxyReport {
        upstreams = List.copyOf(upstreams);
        problems = List.copyOf(problems);
    }

    /** The same of a proxy that finds nothing wrong. */
    public ProxyReport(
            String pod,
            String configuration,
            boolean refused,
            Instant started,
            long activeConnections,
            List<UpstreamReport> upstreams) {
        this(pod, configuration, refused, started, activeConnections, upstreams, List.of());
    }

    /** Whether it runs by the configuration of this hash. */
    public boolean has(String hash) {
        return !refused && configuration.equals(hash);
    }
}
