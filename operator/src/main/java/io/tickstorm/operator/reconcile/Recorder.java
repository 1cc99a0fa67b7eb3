package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.crd.TickStormCluster;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events on a cluster, for {@code kubectl describe}: what a person should know, once and not once per attempt. Thread-safe. */
final class Recorder {
    private static final Logger log = LoggerFactory.getLogger(Recorder.class);
    private static final String SOURCE = "tickstorm-operator";
    /** The API server refuses a longer one. */
    private static final int LONGEST = 1024;

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Map<ClusterKey, Map<String, String>> told = new ConcurrentHashMap<>();

    Recorder(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    void normal(HasMetadata cluster, String reason, String message) {
        record(cluster, "Normal", reason, message);
    }

    void warning(HasMetadata cluster, String reason, String message) {
        record(cluster, "Warning", reason, message);
    }

    /** Something that happened once; in the same words it may happen again. */
    void record(HasMetadata cluster, boolean warning, String reason, String message) {
        write(cluster, warning ? "Warning" : "Normal", reason, message);
    }

    /** The cluster is gone; one of the same name is news again. */
    void forget(ClusterKey key) {
        told.remove(key);
    }

    private void record(HasMetadata cluster, String type, String reason, String message) {
        var last = told.computeIfAbsent(ClusterKey.of(cluster), absent -> new ConcurrentHashMap<>())
                .put(reason, message);
        if (!message.equals(last)) {
            write(cluster, type, reason, message);
        }
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
