package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.tickstorm.operator.crd.ClusterCondition;
import io.tickstorm.operator.crd.ClusterStatus;
import io.tickstorm.operator.crd.ClusterStatus.Backends;
import io.tickstorm.operator.crd.ClusterStatus.Listening;
import io.tickstorm.operator.crd.ClusterStatus.Proxies;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.Listeners;
import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.metricsapi.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of a cluster, from what was seen and what went wrong. Pure. */
final class StatusReport {
    /** A message is read in a terminal; what is longer is cut. */
    private static final int LONGEST = 2000;

    private final TickStormCluster cluster;
    private final Slot active;
    private final @Nullable String underWay;
    private final Observation seen;
    private final @Nullable Spread spread;
    private final List<Trouble> troubles;
    private final Standing metrics;
    private final Transitions transitions;

    private StatusReport(
            TickStormCluster cluster,
            Slot active,
            @Nullable String underWay,
            Observation seen,
            @Nullable Spread spread,
            List<Trouble> troubles,
            Standing metrics,
            Transitions transitions) {
        this.cluster = cluster;
        this.active = active;
        this.underWay = underWay;
        this.seen = seen;
        this.spread = spread;
        this.troubles = troubles;
        this.metrics = metrics;
        this.transitions = transitions;
    }

    /** Of a cluster whose objects were applied, as far as that went. */
    static ClusterStatus of(
            TickStormCluster cluster,
            Turn turn,
            Observation seen,
            Spread spread,
            List<Trouble> troubles,
            Standing metrics,
            Transitions transitions) {
        var all = new ArrayList<>(troubles);
        var aborted = turn.trouble();
        if (aborted != null) {
            // told by an event of its own when it happened
            all.add(aborted);
        }
        var report = new StatusReport(cluster, turn.active(), turn.underWay(), seen, spread, all, metrics, transitions);
        return new ClusterStatus(
                transitions.generation(), report.conditions(), report.backends(), report.proxies(), turn.status());
    }

    /**
     * Of a cluster that nothing is changed of: what is there, and that nobody judges whether it is what is wanted.
     *
     * @param spread of the configuration that there is; null = not known
     */
    static ClusterStatus paused(
            TickStormCluster cluster,
            Slot active,
            Observation seen,
            @Nullable Spread spread,
            List<Trouble> troubles,
            Standing metrics,
            Transitions transitions) {
        var report = new StatusReport(cluster, active, null, seen, spread, troubles, metrics, transitions);
        var message = "the operator changes nothing; remove the annotation " + Pause.ANNOTATION + " to let it go on";
        return new ClusterStatus(
                transitions.generation(),
                List.of(
                        transitions.condition("Ready", "Unknown", "Paused", message),
                        report.available(),
                        report.progressing(),
                        report.degraded(),
                        AutoscalingReport.condition(seen.autoscalers(), metrics, transitions),
                        transitions.condition("Paused", "True", "Asked", message)),
                report.backends(),
                report.proxies(),
                null);
    }

    /** Of a resource that is not valid: nothing was applied, and what runs goes on running. */
    static ClusterStatus invalid(List<String> problems, Transitions transitions) {
        var message = cut(problems.size() + (problems.size() == 1 ? " problem" : " problems")
                + ", nothing was changed: " + String.join("; ", problems));
        return new ClusterStatus(
                transitions.generation(),
                List.of(
                        transitions.condition("Ready", "False", "InvalidSpec", message),
                        transitions.condition(
                                "Available", "Unknown", "InvalidSpec", "not judged: the specification is invalid"),
                        transitions.condition("Progressing", "False", "InvalidSpec", "waits for a valid specification"),
                        transitions.condition("Degraded", "True", "InvalidSpec", message)),
                null,
                null,
                null);
    }

    private List<ClusterCondition> conditions() {
        var available = available();
        var progressing = progressing();
        var degraded = degraded();
        return List.of(
                ready(available, progressing, degraded),
                available,
                progressing,
                degraded,
                AutoscalingReport.condition(seen.autoscalers(), metrics, transitions),
                notPaused());
    }

    private ClusterCondition notPaused() {
        return transitions.condition("Paused", "False", "NotAsked", "the operator keeps the cluster as it should be");
    }

    private ClusterCondition ready(
            ClusterCondition available, ClusterCondition progressing, ClusterCondition degraded) {
        if (degraded.status().equals("True")) {
            return transitions.condition("Ready", "False", degraded.reason(), degraded.message());
        }
        if (progressing.status().equals("True")) {
            return transitions.condition("Ready", "False", progressing.reason(), progressing.message());
        }
        if (!available.status().equals("True")) {
            return transitions.condition("Ready", "False", available.reason(), available.message());
        }
        return transitions.condition("Ready", "True", "Ready", available.message());
    }

    private ClusterCondition available() {
        var backends = count(
                seen.backends(), deployment -> orZero(deployment.getStatus().getReadyReplicas()));
        var proxies = count(
                seen.proxies(), deployment -> orZero(deployment.getStatus().getReadyReplicas()));
        if (backends == 0) {
            var message = wanted(seen.backends()) == 0 && seen.backends() != null
                    ? "no backends: spec.backend.replicas is 0"
                    : "no backend is ready yet";
            return transitions.condition("Available", "False", "NoReadyBackend", message);
        }
        if (proxies == 0) {
            return transitions.condition("Available", "False", "NoReadyProxy", "no proxy is ready yet");
        }
        var ports = nodePorts();
        return transitions.condition(
                "Available",
                "True",
                "Serving",
                ready(seen.backends()) + " backends and "
                        + ready(seen.proxies()) + " proxies are ready"
                        + (ports.isEmpty() ? "" : "; node ports " + ports));
    }

    private ClusterCondition progressing() {
        var parts = new ArrayList<String>();
        part("backends", seen.backends(), parts);
        part("proxies", seen.proxies(), parts);
        if (underWay != null) {
            parts.add(underWay);
        }
        var reason = parts.isEmpty() ? "Reloading" : "RollingOut";
        if (spread != null && !spread.complete()) {
            parts.add(spread.having() + " of " + spread.proxies() + " proxies have the configuration");
        }
        return parts.isEmpty()
                ? transitions.condition("Progressing", "False", "Complete", "all pods are as the specification says")
                : transitions.condition("Progressing", "True", reason, String.join(", ", parts));
    }

    private static void part(String what, @Nullable Deployment deployment, List<String> parts) {
        if (deployment == null) {
            parts.add(what + " are being made");
        } else if (!Observation.rolledOut(deployment)) {
            var updated = deployment.getStatus() == null
                    ? 0
                    : orZero(deployment.getStatus().getUpdatedReplicas());
            parts.add(
                    what + ": " + updated + " of " + wanted(deployment) + " updated, " + ready(deployment) + " ready");
        }
    }

    private ClusterCondition degraded() {
        if (troubles.isEmpty()) {
            return transitions.condition("Degraded", "False", "AsExpected", "nothing is wrong");
        }
        var message = troubles.stream().map(Trouble::message).collect(Collectors.joining("; "));
        return transitions.condition("Degraded", "True", troubles.getFirst().reason(), cut(message));
    }

    private Backends backends() {
        var selector = active.component().selector(cluster).entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
        return new Backends(
                count(
                        seen.backends(),
                        deployment -> orZero(deployment.getStatus().getReplicas())),
                count(
                        seen.backends(),
                        deployment -> orZero(deployment.getStatus().getReadyReplicas())),
                ready(seen.backends()),
                selector);
    }

    private Proxies proxies() {
        return new Proxies(
                count(
                        seen.proxies(),
                        deployment -> orZero(deployment.getStatus().getReplicas())),
                count(
                        seen.proxies(),
                        deployment -> orZero(deployment.getStatus().getReadyReplicas())),
                ready(seen.proxies()),
                spread == null ? null : spread.having() + "/" + spread.proxies(),
                nodePorts(),
                listening(),
                addresses());
    }

    private List<String> addresses() {
        var front = seen.front();
        if (front == null || front.getStatus() == null || front.getStatus().getLoadBalancer() == null) {
            return List.of();
        }
        return front.getStatus().getLoadBalancer().getIngress().stream()
                .map(ingress -> ingress.getHostname() == null ? ingress.getIp() : ingress.getHostname())
                .filter(Objects::nonNull)
                .toList();
    }

    private String nodePorts() {
        return listening().stream()
                .filter(listener -> listener.nodePort() != null)
                .map(listener -> listener.name() + ":" + listener.nodePort())
                .collect(Collectors.joining(","));
    }

    private List<Listening> listening() {
        return Listeners.of(cluster.getSpec()).stream()
                .map(listener -> new Listening(
                        listener.name(), listener.protocol(), listener.port(), nodePort(listener.name(), seen.front())))
                .toList();
    }

    private static @Nullable Integer nodePort(String name, @Nullable Service front) {
        if (front == null) {
            return null;
        }
        return front.getSpec().getPorts().stream()
                .filter(port -> name.equals(port.getName()))
                .map(ServicePort::getNodePort)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static String ready(@Nullable Deployment deployment) {
        return count(deployment, counted -> orZero(counted.getStatus().getReadyReplicas())) + "/" + wanted(deployment);
    }

    private static int wanted(@Nullable Deployment deployment) {
        return deployment == null ? 0 : orZero(deployment.getSpec().getReplicas());
    }

    private static int count(@Nullable Deployment deployment, ToIntFunction<Deployment> count) {
        return deployment == null || deployment.getStatus() == null ? 0 : count.applyAsInt(deployment);
    }

    private static int orZero(@Nullable Integer count) {
        return count == null ? 0 : count;
    }

    private static String cut(String message) {
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST - 1) + "…";
    }
}
