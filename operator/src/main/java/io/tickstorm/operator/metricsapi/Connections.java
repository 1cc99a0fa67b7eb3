package io.tickstorm.operator.metricsapi;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.desired.Autoscalers;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.metricsapi.Fleets.Cluster;
import io.tickstorm.operator.metricsapi.Question.Metric;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Answers how many connections pods have. Thread-safe; blocks. */
final class Connections {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;
    private static final String ALL = "*";

    private final Fleets fleets;
    private final InstantSource clock;

    Connections(Fleets fleets, InstantSource clock) {
        this.fleets = fleets;
        this.clock = clock;
    }

    /**
     * @param labelSelector which pods, where all are asked for; empty = all of the namespace
     * @param metricLabelSelector must be empty, because the metric has no labels
     */
    Reply reply(Metric metric, String labelSelector, String metricLabelSelector) {
        if (!metric.resource().equals("pods")
                || metric.namespace().isEmpty()
                || !metric.metric().equals(Autoscalers.CONNECTIONS)) {
            return Reply.failure(
                    NOT_FOUND,
                    "NotFound",
                    metric.resource() + "/" + metric.metric() + " is not served (expected: pods/"
                            + Autoscalers.CONNECTIONS + " of a namespace)");
        }
        if (!metricLabelSelector.isEmpty()) {
            return Reply.failure(
                    BAD_REQUEST,
                    "BadRequest",
                    "metricLabelSelector: " + metricLabelSelector + " (expected: none, because "
                            + Autoscalers.CONNECTIONS + " has no labels)");
        }
        try {
            return values(metric, pods(metric, labelSelector));
        } catch (KubernetesClientException e) {
            return failed(e);
        }
    }

    private List<Pod> pods(Metric metric, String labelSelector) {
        if (metric.object().equals(ALL)) {
            return ofClusters(fleets.running(metric.namespace(), labelSelector));
        }
        return ofClusters(fleets.running(metric.namespace(), Component.CLUSTER_LABEL)).stream()
                .filter(pod -> pod.getMetadata().getName().equals(metric.object()))
                .toList();
    }

    private static List<Pod> ofClusters(List<Pod> pods) {
        return pods.stream()
                .filter(pod -> pod.getMetadata().getLabels() != null
                        && pod.getMetadata().getLabels().containsKey(Component.CLUSTER_LABEL)
                        && pod.getMetadata().getLabels().containsKey(Component.COMPONENT_LABEL))
                .toList();
    }

    private Reply values(Metric metric, List<Pod> pods) {
        var values = new TreeMap<String, Long>();
        var missing = new LinkedHashSet<String>();
        var at = clock.instant();
        for (var pod : pods) {
            var labels = pod.getMetadata().getLabels();
            var cluster = new Cluster(metric.namespace(), String.valueOf(labels.get(Component.CLUSTER_LABEL)));
            var fleet = fleets.of(cluster);
            var proxy = Component.PROXY.word().equals(labels.get(Component.COMPONENT_LABEL));
            (proxy ? fleet.ofProxy(pod) : fleet.ofBackend(pod))
                    .ifPresentOrElse(
                            value -> values.put(pod.getMetadata().getName(), value),
                            () -> missing.addAll(
                                    proxy ? List.of(pod.getMetadata().getName()) : fleet.missing()));
            if (fleet.report().at().isBefore(at)) {
                at = fleet.report().at();
            }
        }
        if (!pods.isEmpty() && values.isEmpty()) {
            return unknown(missing);
        }
        return !metric.object().equals(ALL) && values.isEmpty()
                ? Reply.failure(
                        NOT_FOUND, "NotFound", "pod " + metric.object() + " is none of a cluster, or does not run")
                : Reply.values(metric.version(), metric.namespace(), values, at);
    }

    private static Reply unknown(Set<String> missing) {
        return Reply.failure(
                UNAVAILABLE,
                "ServiceUnavailable",
                missing.isEmpty()
                        ? "the connections are not known: no proxy runs"
                        : "the connections are not known, because these proxies do not answer on port 9090: "
                                + String.join(", ", missing));
    }

    /** What the API server refused us, in its words; anything else is a failure of ours. */
    private static Reply failed(KubernetesClientException e) {
        var told = e.getStatus() == null || e.getStatus().getMessage() == null
                ? String.valueOf(e.getMessage())
                : e.getStatus().getMessage();
        return e.getCode() == BAD_REQUEST
                ? Reply.failure(BAD_REQUEST, "BadRequest", told)
                : Reply.failure(UNAVAILABLE, "ServiceUnavailable", "pods cannot be listed: " + told);
    }
}
