package io.tickstorm.operator.metricsapi;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.telemetry.FleetReport;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the proxies of one cluster hold, as far as it is known. Pure.
 *
 * @param report what they said
 * @param missing names of those that did not answer although they may hold connections
 */
record Fleet(FleetReport report, List<String> missing) {
    Fleet {
        missing = List.copyOf(missing);
    }

    /** @param proxies the pods that were asked */
    static Fleet of(FleetReport report, List<Pod> proxies) {
        var missing = proxies.stream()
                .filter(pod -> report.silent().contains(pod.getMetadata().getName()))
                .filter(pod -> mayHold(pod, report.at()))
                .map(pod -> pod.getMetadata().getName())
                .sorted()
                .toList();
        return new Fleet(report, missing);
    }

    /** What a proxy's clients have open on it; empty if it did not answer. */
    OptionalLong ofProxy(Pod proxy) {
        return report.proxies().stream()
                .filter(said -> said.pod().equals(proxy.getMetadata().getName()))
                .mapToLong(said -> said.activeConnections())
                .findFirst();
    }

    /** What all proxies together have running on a backend; empty if not all of them said so. */
    OptionalLong ofBackend(Pod backend) {
        if (!complete()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(report.proxies().stream()
                .flatMap(proxy -> proxy.upstreams().stream())
                .filter(upstream -> names(upstream.upstream(), backend))
                .mapToLong(upstream -> upstream.inFlight())
                .sum());
    }

    /** Whether what backends have is known: at least one proxy said so, and none that may hold something is missing. */
    boolean complete() {
        return missing.isEmpty() && !report.proxies().isEmpty();
    }

    /** Proxies name an endpoint by its pod, with the address behind it where two pods have the same name. */
    private static boolean names(String upstream, Pod pod) {
        var name = pod.getMetadata().getName();
        if (!upstream.startsWith(name + " (")) {
            return upstream.equals(name);
        }
        var ip = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        return ip != null && (upstream.contains("(" + ip + ":") || upstream.contains("([" + ip + "]:"));
    }

    /** One whose process does not run, or has not begun to serve, or had to have ended by now, holds nothing: a node that is gone leaves such pods behind. */
    private static boolean mayHold(Pod pod, Instant now) {
        var end = pod.getMetadata().getDeletionTimestamp();
        if (end != null && passed(end, now)) {
            return false;
        }
        if (pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null) {
            return true;
        }
        return pod.getStatus().getContainerStatuses().stream()
                .filter(container -> Component.PROXY.word().equals(container.getName()))
                .allMatch(Fleet::runs);
    }

    private static boolean runs(ContainerStatus container) {
        var state = container.getState();
        return !Boolean.FALSE.equals(container.getStarted()) && (state == null || state.getRunning() != null);
    }

    private static boolean passed(String time, Instant now) {
        try {
            return Instant.parse(time).isBefore(now);
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
