package io.tickstorm.proxy.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Mode;
import io.tickstorm.proxy.discovery.DiscoveryStatus;
import io.tickstorm.proxy.discovery.Relist;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The meters of one backend and of those of its upstreams that discovery names: what is gone is taken out, so that a
 * month of roll-outs leaves no trail. For the control thread.
 */
public final class BackendMeters {
    /** Names of pods have at most 253 characters; a file of endpoints may say anything. */
    private static final int LONGEST_LABEL = 253;

    private final MeterRegistry registry;
    private final String name;
    private final ProxyMeters own;
    private final Map<String, Followed> upstreams = new HashMap<>();

    private record Followed(Upstream upstream, ProxyMeters meters) {}

    /** @param backend asked at each scrape, since a backend may be exchanged */
    public BackendMeters(
            MeterRegistry registry, String name, Supplier<Backend> backend, Supplier<DiscoveryStatus> discovery) {
        this.registry = registry;
        this.name = name;
        this.own = new ProxyMeters(registry, "backend", name)
                .gauge(
                        "backend_upstreams",
                        "Endpoints that discovery names",
                        () -> backend.get().upstreams().size())
                .gauge("backend_upstreams_available", "Endpoints that nothing holds back", () -> available(backend))
                .gauge(
                        "backend_in_flight",
                        "Attempts that run now",
                        () -> backend.get().inFlight())
                .gauge(
                        "backend_queued",
                        "Requests and connections that wait for an endpoint with room, or for a retry to be paid",
                        () -> backend.get().queued())
                .gauge(
                        "backend_panic",
                        "1 if every endpoint is held back, so that all get work",
                        () -> backend.get().mode() == Mode.PANIC ? 1 : 0)
                .counter(
                        "backend_panic_attempts",
                        "Attempts made in panic",
                        () -> backend.get().panics())
                .gauge(
                        "retry_budget_running",
                        "Retries that run on the budget now",
                        () -> backend.get().retries().budget().running())
                .gauge(
                        "discovery_synced",
                        "1 once discovery has delivered its first set",
                        () -> discovery.get().synced() ? 1 : 0)
                .gauge(
                        "discovery_age_seconds",
                        "Since the endpoints were last known to be true",
                        () -> seconds(discovery.get().lastContactAge()));
        for (var reason : Relist.values()) {
            own.counter(
                    "discovery_relists",
                    "Times that the source was asked out of turn, by reason",
                    () -> discovery.get().relists().getOrDefault(reason, 0L),
                    "reason",
                    reason.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Follows the upstreams that the backend has now. */
    public void follow(Backend backend) {
        var wanted = labelled(backend.upstreams());
        // An upstream of a known name may be another one: a pod of a StatefulSet keeps its name.
        var gone = new HashSet<String>();
        upstreams.forEach((label, followed) -> {
            if (wanted.get(label) != followed.upstream()) {
                followed.meters().remove();
                gone.add(label);
            }
        });
        upstreams.keySet().removeAll(gone);
        wanted.forEach((label, upstream) ->
                upstreams.computeIfAbsent(label, added -> new Followed(upstream, meters(label, upstream))));
    }

    public void remove() {
        own.remove();
        upstreams.values().forEach(followed -> followed.meters().remove());
        upstreams.clear();
    }

    private ProxyMeters meters(String label, Upstream upstream) {
        var tally = upstream.tally();
        var meters = new ProxyMeters(registry, "backend", name, "upstream", label)
                .gauge("upstream_in_flight", "Attempts that run on it now", upstream::inFlight)
                .gauge(
                        "upstream_connections",
                        "Connections that are open to it or being opened",
                        () -> upstream.connections().open())
                .gauge(
                        "upstream_idle_limit_seconds",
                        "How long a connection to it may be idle and still be used, as learnt",
                        () -> upstream.keepAlive().nanos(true) / 1e9)
                .counter("upstream_requests", "Attempts, retries included", tally::requests)
                .counter("upstream_retries", "Attempts that followed a failed one", tally::retries)
                .counter("upstream_failures", "Attempts that failed", tally::failures)
                .counter("upstream_connect_failures", "Attempts that got no connection", tally::connectFailures);
        for (var reason : HoldReason.values()) {
            meters.gauge(
                    "upstream_held",
                    "1 if it gets no new work, by reason",
                    () -> upstream.heldBy(reason) ? 1 : 0,
                    "reason",
                    reason.name().toLowerCase(Locale.ROOT));
        }
        return meters;
    }

    /** By name, as people know them; with the address where two have the same name. */
    static Map<String, Upstream> labelled(List<Upstream> upstreams) {
        var count = upstreams.stream()
                .collect(Collectors.groupingBy(upstream -> upstream.endpoint().name(), Collectors.counting()));
        return upstreams.stream()
                .collect(Collectors.toMap(
                        upstream -> {
                            var name = upstream.endpoint().name();
                            return count.getOrDefault(name, 0L) == 1 && name.length() <= LONGEST_LABEL
                                    ? name
                                    : name.substring(0, Math.min(name.length(), LONGEST_LABEL)) + " ("
                                            + upstream.id().address() + ")";
                        },
                        upstream -> upstream,
                        (one, other) -> other,
                        LinkedHashMap::new));
    }

    private static long available(Supplier<Backend> backend) {
        return backend.get().upstreams().stream().filter(Upstream::available).count();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
