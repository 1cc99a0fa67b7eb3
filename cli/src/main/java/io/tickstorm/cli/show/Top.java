package io.tickstorm.cli.show;

import io.tickstorm.cli.fleet.BackendSum;
import io.tickstorm.cli.fleet.Buckets;
import io.tickstorm.cli.fleet.Fleet;
import io.tickstorm.cli.fleet.ProxyState.Upstream;
import io.tickstorm.cli.fleet.UpstreamSum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What happened between two looks. Counted is what each proxy that answered both times says to have come since; one that was
 * replaced or started again in between counts from the next look on.
 */
public record Top(List<Backend> backends) {
    /** Of what was answered, the slowest hundredth is left out. */
    static final int P99 = 99;

    private static final double PERCENT = 100;

    /**
     * A backend, its busiest pods first.
     *
     * @param lastMinute what all of them answered over the last minute
     */
    public record Backend(String name, long inFlight, long waiting, Buckets lastMinute, List<Row> rows) {
        public double requestsPerSecond() {
            return rows.stream().mapToDouble(Row::requestsPerSecond).sum();
        }
    }

    /**
     * A pod of it.
     *
     * @param sharePercent of what its backend got
     * @param fairPercent of what it should have got
     * @param lastMinute what it answered over the last minute
     * @param held why proxies hold it back; empty if none does
     */
    public record Row(
            String name,
            String address,
            long inFlight,
            double sharePercent,
            double fairPercent,
            double requestsPerSecond,
            double failuresPerSecond,
            double retriesPerSecond,
            Buckets lastMinute,
            String held) {}

    /** @param seconds between the looks */
    public static Top between(Fleet before, Fleet now, double seconds) {
        var backends = new ArrayList<Backend>();
        for (var backend : now.backends()) {
            var former = before.backends().stream()
                    .filter(one -> one.name().equals(backend.name()))
                    .findFirst()
                    .orElse(null);
            var rows = new ArrayList<Row>();
            var all = backend.upstreams().stream()
                    .mapToDouble(upstream -> since(upstream, of(former, upstream), Upstream::requests))
                    .sum();
            for (var upstream : backend.upstreams()) {
                rows.add(row(
                        upstream,
                        of(former, upstream),
                        all,
                        seconds,
                        now.answering().size()));
            }
            rows.sort(Comparator.comparingDouble(Row::requestsPerSecond)
                    .thenComparingLong(Row::inFlight)
                    .reversed()
                    .thenComparing(Row::name));
            backends.add(new Backend(
                    backend.name(),
                    backend.inFlight(),
                    backend.waiting(),
                    Buckets.sum(rows.stream().map(Row::lastMinute).toList()),
                    List.copyOf(rows)));
        }
        return new Top(List.copyOf(backends));
    }

    public double requestsPerSecond() {
        return backends.stream().mapToDouble(Backend::requestsPerSecond).sum();
    }

    public double failuresPerSecond() {
        return backends.stream()
                .flatMap(backend -> backend.rows().stream())
                .mapToDouble(Row::failuresPerSecond)
                .sum();
    }

    private static Map<String, Upstream> of(@Nullable BackendSum former, UpstreamSum upstream) {
        return former == null
                ? Map.of()
                : former.upstreams().stream()
                        .filter(one -> one.name().equals(upstream.name())
                                && one.address().equals(upstream.address()))
                        .findFirst()
                        .map(UpstreamSum::seen)
                        .orElse(Map.of());
    }

    private static Row row(
            UpstreamSum upstream, Map<String, Upstream> before, double all, double seconds, int proxies) {
        var requests = since(upstream, before, Upstream::requests);
        var held = upstream.held().stream()
                .map(one -> one.held().reason()
                        + (one.proxies().size() == proxies
                                ? ""
                                : " at " + one.proxies().size() + " of " + proxies))
                .toList();
        return new Row(
                upstream.name(),
                upstream.address(),
                upstream.inFlight(),
                all == 0 ? 0 : PERCENT * requests / all,
                upstream.share(),
                requests / seconds,
                since(upstream, before, Upstream::failures) / seconds,
                since(upstream, before, Upstream::retries) / seconds,
                upstream.lastMinute(),
                String.join(", ", held));
    }

    private static double since(UpstreamSum now, Map<String, Upstream> before, ToLongFunction<Upstream> figure) {
        return now.seen().entrySet().stream()
                .filter(entry -> before.containsKey(entry.getKey()))
                .mapToLong(entry -> {
                    var former = before.get(entry.getKey());
                    return former == null ? 0 : figure.applyAsLong(entry.getValue()) - figure.applyAsLong(former);
                })
                .filter(difference -> difference > 0)
                .sum();
    }

    /** For {@code -o json}. */
    public Map<String, Object> tree(Fleet fleet, double seconds) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("place", fleet.place());
        tree.put("cluster", fleet.cluster());
        tree.put("seconds", Math.round(seconds * 1000) / 1000.0);
        tree.put("proxiesAnswering", fleet.answering().size());
        tree.put("proxiesThere", fleet.proxies().size());
        tree.put("connections", fleet.connections());
        tree.put("requestsPerSecond", rounded(requestsPerSecond()));
        tree.put("failuresPerSecond", rounded(failuresPerSecond()));
        tree.put("backends", backends.stream().map(Top::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(Backend backend) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", backend.name());
        tree.put("inFlight", backend.inFlight());
        tree.put("waiting", backend.waiting());
        tree.put("requestsPerSecond", rounded(backend.requestsPerSecond()));
        tree.put("lastMinuteP99Ms", p99(backend.lastMinute()));
        tree.put("upstreams", backend.rows().stream().map(Top::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(Row row) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", row.name());
        tree.put("address", row.address());
        tree.put("inFlight", row.inFlight());
        tree.put("sharePercent", rounded(row.sharePercent()));
        tree.put("fairPercent", rounded(row.fairPercent()));
        tree.put("requestsPerSecond", rounded(row.requestsPerSecond()));
        tree.put("failuresPerSecond", rounded(row.failuresPerSecond()));
        tree.put("retriesPerSecond", rounded(row.retriesPerSecond()));
        tree.put("lastMinuteP99Ms", p99(row.lastMinute()));
        tree.put("held", row.held());
        return tree;
    }

    /** Null if nothing was answered, and if all that is known is that it took longer than the last bound. */
    private static @Nullable Double p99(Buckets answers) {
        var within = answers.within(P99);
        return within == null || within.isInfinite() ? null : within;
    }

    private static double rounded(double value) {
        return Math.round(value * PERCENT) / PERCENT;
    }
}
