package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.tickstorm.operator.telemetry.ProxyAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings changed Secrets to the proxies that serve: touches their pods, so that the kubelets renew their volumes now and not in a minute. Proxies look after their files by
 * themselves, and say nothing of them; so each pod is touched a second time a little later, for the kubelet may have seen the annotation before it saw the Secret.
 *
 * <p>Passes over one cluster never overlap; those over several may.
 */
final class SecretPropagation {
    /** On a pod of proxies: which Secrets it was last told to look for, by a hash of their versions, with {@link #SECOND} behind it after the second time. */
    static final String ANNOTATION = "tickstorm.io/secrets";

    private static final String SECOND = ".2";

    private final Propagation.Annotator annotator;
    private final InstantSource clock;
    /** What pods were told, by their uid. */
    private final Map<ClusterKey, Map<String, Told>> clusters = new ConcurrentHashMap<>();

    private record Told(String value, Instant at) {}

    SecretPropagation(Propagation.Annotator annotator, InstantSource clock) {
        this.annotator = annotator;
        this.clock = clock;
    }

    /**
     * Tells the pods that have not been told.
     *
     * @param version of the Secrets; null = not known, and nobody is told anything
     * @param pods of the cluster, any
     * @return when to look again; null if all have been told
     */
    @Nullable
    Duration bring(ClusterKey key, @Nullable String version, List<Pod> pods) {
        if (version == null) {
            return null;
        }
        var now = clock.instant();
        var before = clusters.getOrDefault(key, Map.of());
        var told = new HashMap<String, Told>();
        Duration again = null;
        for (var pod : pods) {
            if (ProxyAddress.of(pod) == null) {
                continue;
            }
            var uid = pod.getMetadata().getUid();
            var last = last(before.get(uid), pod, version);
            var next = next(last, version, now);
            if (next != null) {
                annotator.annotate(pod, ANNOTATION, next);
                last = new Told(next, now);
            }
            if (last != null) {
                told.put(uid, last);
                if (last.value().equals(version)) {
                    again = Propagation.NUDGE_AGAIN;
                }
            }
        }
        clusters.put(key, told);
        return again;
    }

    /** The cluster is gone. */
    void forget(ClusterKey key) {
        clusters.remove(key);
    }

    /** What the pod was told of this version: as we remember it, for what we see of the pod may be older, else as it says, from the operator before. */
    private static @Nullable Told last(@Nullable Told remembered, Pod pod, String version) {
        if (remembered != null && remembered.value().startsWith(version)) {
            return remembered;
        }
        var annotations = pod.getMetadata().getAnnotations();
        var value = annotations == null ? null : annotations.get(ANNOTATION);
        return value == null || !value.startsWith(version) ? null : new Told(value, Instant.EPOCH);
    }

    private static @Nullable String next(@Nullable Told last, String version, Instant now) {
        if (last == null) {
            return version;
        }
        var second = last.value().equals(version)
                && !last.at().plus(Propagation.NUDGE_AGAIN).isAfter(now);
        return second ? version + SECOND : null;
    }
}
