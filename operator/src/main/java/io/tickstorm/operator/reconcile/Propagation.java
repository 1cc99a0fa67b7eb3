package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.tickstorm.operator.telemetry.ProxyAddress;
import io.tickstorm.operator.telemetry.ProxyReport;
import io.tickstorm.operator.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a changed configuration to the proxies that serve, and knows which of them have taken it over.
 *
 * <p>The kubelet looks at a mounted ConfigMap when it looks at its pod: about once a minute, or at once when the pod changes. So the pods of proxies that do not say
 * that they have the configuration get an {@link #ANNOTATION} with its hash, and again with a number behind it if they still do not: the kubelet may have seen the
 * annotation before it saw the ConfigMap. Passes over one cluster never overlap; those over several may.
 */
final class Propagation {
    /** On a pod of proxies: the hash of the configuration that it was last told to look for, and the how manieth time that was. */
    static final String ANNOTATION = "tickstorm.io/configuration";

    private static final Logger log = LoggerFactory.getLogger(Propagation.class);

    /** Longer than a kubelet takes: 1 to 2 s as measured. */
    static final Duration NUDGE_AGAIN = Duration.ofSeconds(5);

    /** What takes longer needs a person: without any annotation the kubelet would have come by itself by then, or soon after. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A refusal may be that of the text before, or of a proxy that is about to be replaced. */
    private static final Duration SECOND_THOUGHTS = Duration.ofSeconds(5);

    /** Proxies that have the configuration are asked again after this long, for files that it names can go bad later. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(60);

    private static final Duration LOOK_SOON = Duration.ofMillis(500);
    private static final Duration LOOK_LATER = Duration.ofSeconds(5);

    private final Telemetry telemetry;
    private final Annotator annotator;
    private final InstantSource clock;
    private final Map<ClusterKey, Known> clusters = new ConcurrentHashMap<>();

    /** Changes a pod. */
    interface Annotator {
        /** Sets an annotation; does nothing if the pod is gone or cannot be changed. */
        void annotate(Pod pod, String key, String value);
    }

    Propagation(Telemetry telemetry, Annotator annotator, InstantSource clock) {
        this.telemetry = telemetry;
        this.annotator = annotator;
        this.clock = clock;
    }

    /** What is known of one cluster's proxies. */
    private static final class Known {
        final String hash;
        final Instant since;
        final Map<String, Proxy> proxies = new HashMap<>();
        /** Whether some proxies had it not when they were looked at. */
        boolean awaited;

        Known(String hash, Instant since) {
            this.hash = hash;
            this.since = since;
        }
    }

    /** One of them, by the uid of its pod. */
    private static final class Proxy {
        final Instant seen;

        @Nullable
        ProxyReport report;

        @Nullable
        Instant asked;

        @Nullable
        Instant nudged;

        Proxy(Instant seen) {
            this.seen = seen;
        }

        boolean has(String hash) {
            return report != null && report.has(hash);
        }
    }

    /**
     * Asks those that are not known to have it, and tells those that do not. Blocks for as long as one that does not answer is waited for.
     *
     * @param hash of the configuration that was applied
     * @param pods of the cluster, any
     * @param settled whether no proxies are about to be replaced, whose complaints are of no interest any more
     */
    Spread bring(ClusterKey key, String hash, List<Pod> pods, boolean settled) {
        return spread(key, hash, pods, settled, true);
    }

    /** As {@link #bring}, and changes no pod. */
    Spread look(ClusterKey key, String hash, List<Pod> pods, boolean settled) {
        return spread(key, hash, pods, settled, false);
    }

    private Spread spread(ClusterKey key, String hash, List<Pod> pods, boolean settled, boolean nudging) {
        var now = clock.instant();
        var known = clusters.compute(
                key, (same, before) -> before != null && before.hash.equals(hash) ? before : new Known(hash, now));
        var serving = new LinkedHashMap<Pod, ProxyAddress>();
        for (var pod : pods) {
            var address = ProxyAddress.of(pod);
            if (address != null) {
                serving.put(pod, address);
            }
        }
        known.proxies
                .keySet()
                .retainAll(serving.keySet().stream().map(Propagation::uid).toList());
        serving.keySet().forEach(pod -> known.proxies.computeIfAbsent(uid(pod), uid -> new Proxy(now)));
        ask(known, serving, now);
        if (nudging) {
            nudge(key, known, serving.keySet(), now);
        }
        return spread(key, known, serving.keySet(), now, settled);
    }

    /** The cluster is gone. */
    void forget(ClusterKey key) {
        clusters.remove(key);
    }

    private void ask(Known known, Map<Pod, ProxyAddress> serving, Instant now) {
        var asked = new LinkedHashMap<String, Proxy>();
        var addresses = new ArrayList<ProxyAddress>();
        serving.forEach((pod, address) -> {
            var proxy = proxy(known, pod);
            if (!proxy.has(known.hash) || past(proxy.asked, ASK_AGAIN, now)) {
                asked.put(address.pod(), proxy);
                addresses.add(address);
            }
        });
        if (addresses.isEmpty()) {
            return;
        }
        var fleet = telemetry.ask(addresses);
        asked.values().forEach(proxy -> {
            proxy.asked = now;
            // Who had it and is silent for once has it still.
            if (!proxy.has(known.hash)) {
                proxy.report = null;
            }
        });
        for (var report : fleet.proxies()) {
            var proxy = asked.get(report.pod());
            if (proxy != null) {
                proxy.report = report;
            }
        }
    }

    private void nudge(ClusterKey key, Known known, Iterable<Pod> serving, Instant now) {
        for (var pod : serving) {
            var proxy = proxy(known, pod);
            if (!proxy.has(known.hash) && past(proxy.nudged, NUDGE_AGAIN, now)) {
                proxy.nudged = now;
                var annotations = pod.getMetadata().getAnnotations();
                var before = annotations == null ? null : annotations.get(ANNOTATION);
                var value = next(known.hash, before);
                log.debug(
                        "{}: {} is told of configuration {}",
                        key,
                        pod.getMetadata().getName(),
                        value);
                annotator.annotate(pod, ANNOTATION, value);
            }
        }
    }

    /** {@code HASH}, then {@code HASH.2} and so on: a value that is there already would change nothing. */
    private static String next(String hash, @Nullable String before) {
        if (before == null || !before.startsWith(hash)) {
            return hash;
        }
        var number = before.substring(hash.length());
        return hash + "." + (number.matches("\\.[0-9]{1,6}") ? Integer.parseInt(number.substring(1)) + 1 : 2);
    }

    private static Spread spread(ClusterKey key, Known known, Iterable<Pod> serving, Instant now, boolean settled) {
        int proxies = 0;
        int having = 0;
        var troubles = new ArrayList<Trouble>();
        for (var pod : serving) {
            var proxy = proxy(known, pod);
            proxies++;
            having += proxy.has(known.hash) ? 1 : 0;
            if (settled) {
                var trouble = trouble(known, pod, proxy, now);
                // One of a kind is enough: a hundred proxies have the same to say.
                if (trouble != null
                        && troubles.stream().noneMatch(told -> told.reason().equals(trouble.reason()))) {
                    troubles.add(trouble);
                }
            }
        }
        boolean complete = having == proxies;
        if (complete && known.awaited) {
            log.info(
                    "{}: all {} proxies run by configuration {}, {} ms after it was applied",
                    key,
                    proxies,
                    known.hash,
                    Duration.between(known.since, now).toMillis());
        }
        known.awaited = !complete;
        var soon = Duration.between(known.since, now).compareTo(PATIENCE) < 0 ? LOOK_SOON : LOOK_LATER;
        return new Spread(proxies, having, troubles, complete ? null : soon);
    }

    private static @Nullable Trouble trouble(Known known, Pod pod, Proxy proxy, Instant now) {
        var since = proxy.seen.isAfter(known.since) ? proxy.seen : known.since;
        var waited = Duration.between(since, now);
        var report = proxy.report;
        if (report != null && !report.problems().isEmpty() && (report.refused() || proxy.has(known.hash))) {
            return waited.compareTo(SECOND_THOUGHTS) < 0 ? null : Complaints.flawed(pod, report);
        }
        if (proxy.has(known.hash) || waited.compareTo(PATIENCE) < 0) {
            return null;
        }
        return report == null
                ? Complaints.silent(pod)
                : Complaints.late(pod, report.configuration(), known.hash, waited);
    }

    private static boolean past(@Nullable Instant last, Duration wait, Instant now) {
        return last == null || !last.plus(wait).isAfter(now);
    }

    private static Proxy proxy(Known known, Pod pod) {
        var proxy = known.proxies.get(uid(pod));
        if (proxy == null) {
            throw new IllegalStateException(pod.getMetadata().getName() + ": not known (expected: one that was seen)");
        }
        return proxy;
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
