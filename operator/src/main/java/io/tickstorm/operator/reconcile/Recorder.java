package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.crd.TickStormCluster;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on a cluster, for {@code kubectl describe}: what a person should know, once and not once per attempt. What lasts is told again before the API server forgets it,
 * which by default it does after an hour. Thread-safe.
 */
final class Recorder {
    private static final Logger log = LoggerFactory.getLogger(Recorder.class);
    private static final String WARNING = "Warning";
    private static final String SOURCE = "tickstorm-operator";
    /** The API server refuses a longer one. */
    private static final int LONGEST = 1024;

    private static final Duration AGAIN = Duration.ofMinutes(30);

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Map<ClusterKey, Map<String, Told>> told = new ConcurrentHashMap<>();

    private record Told(String type, String message, Instant at) {}

    Recorder(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    void normal(HasMetadata cluster, String reason, String message) {
        record(cluster, "Normal", reason, message);
    }

    void warning(HasMetadata cluster, String reason, String message) {
        record(cluster, WARNING, reason, message);
    }

    /** Something that happened once; in the same words it may happen again. */
    void record(HasMetadata cluster, boolean warning, String reason, String message) {
        write(cluster, warning ? WARNING : "Normal", reason, message);
    }

    /** The cluster is gone; one of the same name is news again. */
    void forget(ClusterKey key) {
        told.remove(key);
    }

    /** Warnings for other reasons are over; one that comes back is news again. */
    void over(HasMetadata cluster, Set<String> lasting) {
        told(cluster)
                .entrySet()
                .removeIf(entry -> entry.getValue().type().equals(WARNING) && !lasting.contains(entry.getKey()));
    }

    /** The cluster is ready no more; when it is again, that is news. */
    void notReady(HasMetadata cluster) {
        told(cluster).remove("Ready");
    }

    private Map<String, Told> told(HasMetadata cluster) {
        return told.computeIfAbsent(ClusterKey.of(cluster), absent -> new ConcurrentHashMap<>());
    }

    private void record(HasMetadata cluster, String type, String reason, String message) {
        var reasons = told(cluster);
        var last = reasons.get(reason);
        if (last != null
                && last.message().equals(message)
                && clock.instant().isBefore(last.at().plus(AGAIN))) {
            return;
        }
        reasons.put(reason, new Told(type, message, clock.instant()));
        write(cluster, type, reason, message);
    }

    private void write(HasMetadata cluster, String type, String reason, String message) {
        var metadata = cluster.getMetadata();
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var event = new EventBuilder()
                .withNewMetadata()
                .withGenerateName(metadata.getName() + ".")
                .withNamespace(metadata.getNamespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(TickStormCluster.API_VERSION)
                .withKind(TickStormCluster.KIND)
                .withName(metadata.getName())
                .withNamespace(metadata.getNamespace())
                .withUid(metadata.getUid())
                .withResourceVersion(metadata.getResourceVersion())
                .endInvolvedObject()
                .withType(type)
                .withReason(reason)
                .withMessage(message.length() <= LONGEST ? message : message.substring(0, LONGEST - 1) + "…")
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource(SOURCE, null)
                .withReportingComponent(SOURCE)
                .build();
        try {
            client.v1()
                    .events()
                    .inNamespace(metadata.getNamespace())
                    .resource(event)
                    .create();
        } catch (KubernetesClientException e) {
            // An event is a courtesy; the condition says the same.
            log.debug("event {} on {} not recorded", reason, ClusterKey.of(cluster), e);
        }
    }
}
