package io.tickstorm.cli.fleet;

import io.tickstorm.cli.fleet.ProxyState.Held;
import io.tickstorm.cli.fleet.ProxyState.Upstream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as the proxies that answered know it.
 *
 * @param seen by the name of the proxy; those that do not know it are missing
 */
public record UpstreamSum(String name, String address, Map<String, Upstream> seen) {
    /**
     * A reason and who has it.
     *
     * @param held as the proxy tells that has had it longest
     */
    public record HeldAt(Held held, List<String> proxies) {}

    public int servingAt() {
        return at(Upstream::serving).size();
    }

    /** Proxies that were told by hand to give it nothing. */
    public List<String> drainedAt() {
        return at(Upstream::drained);
    }

    public long inFlight() {
        return sum(Upstream::inFlight);
    }

    public long requests() {
        return sum(Upstream::requests);
    }

    public long failures() {
        return sum(Upstream::failures);
    }

    public long retries() {
        return sum(Upstream::retries);
    }

    /** Its fair share in percent: the mean over the proxies that know it. */
    public double share() {
        return seen.values().stream().mapToDouble(Upstream::share).average().orElse(0);
    }

    /** As the proxy with the most of its attempts has it; percentiles of several proxies cannot be put together. */
    public @Nullable Upstream busiest() {
        return seen.values().stream()
                .max((one, other) -> Long.compare(one.requests(), other.requests()))
                .orElse(null);
    }

    /** Since it was discovered, the worst that a proxy tells; null if none knows. */
    public @Nullable Double p99Millis() {
        return seen.values().stream()
                .map(Upstream::p99Millis)
                .filter(Objects::nonNull)
                .max(Double::compareTo)
                .orElse(null);
    }

    /** What it answered to all of them over the last minute. */
    public Buckets lastMinute() {
        return Buckets.sum(seen.values().stream().map(Upstream::lastMinute).toList());
    }

    /** One for each reason. */
    public List<HeldAt> held() {
        var reasons = new LinkedHashMap<String, HeldAt>();
        seen.forEach((proxy, upstream) -> upstream.held()
                .forEach(held -> reasons.merge(held.reason(), new HeldAt(held, List.of(proxy)), UpstreamSum::both)));
        return List.copyOf(reasons.values());
    }

    private static HeldAt both(HeldAt one, HeldAt other) {
        var proxies = new ArrayList<>(one.proxies());
        proxies.addAll(other.proxies());
        return new HeldAt(one.held().seconds() >= other.held().seconds() ? one.held() : other.held(), proxies);
    }

    private List<String> at(Predicate<Upstream> such) {
        return seen.entrySet().stream()
                .filter(entry -> such.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private long sum(ToLongFunction<Upstream> figure) {
        return seen.values().stream().mapToLong(figure).sum();
    }

    Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", name);
        tree.put("address", address);
        tree.put("servingAt", at(Upstream::serving));
        tree.put("notServingAt", at(upstream -> !upstream.serving()));
        tree.put("drainedByHandAt", drainedAt());
        tree.put("sharePercent", Math.round(100 * share()) / 100.0);
        tree.put("inFlight", inFlight());
        tree.put("requests", requests());
        tree.put("failures", failures());
        tree.put("retries", retries());
        tree.put("worstP99Ms", p99Millis());
        tree.put(
                "held",
                held().stream()
                        .map(held -> {
                            var reason = new LinkedHashMap<String, Object>();
                            reason.put("reason", held.held().reason());
                            reason.put("detail", held.held().detail());
                            reason.put("forSeconds", held.held().seconds());
                            reason.put("proxies", held.proxies());
                            return reason;
                        })
                        .toList());
        return tree;
    }
}
