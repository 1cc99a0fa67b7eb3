package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;
import io.tickstorm.operator.crd.ClusterCondition;
import io.tickstorm.operator.desired.Autoscalers;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.metricsapi.Standing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says which metrics the autoscalers of a cluster get, and why others are missing. Pure. */
final class AutoscalingReport {
    static final String TYPE = "AutoscalingActive";
    private static final String CONNECTIONS = "connections";

    private final Standing metrics;
    private final List<String> parts = new ArrayList<>();
    private @Nullable HorizontalPodAutoscalerCondition blind;
    private boolean waiting;
    private boolean partly;
    private boolean withoutConnections;

    private AutoscalingReport(Standing metrics) {
        this.metrics = metrics;
    }

    static ClusterCondition condition(
            List<HorizontalPodAutoscaler> autoscalers, Standing metrics, Transitions transitions) {
        if (autoscalers.isEmpty()) {
            return transitions.condition(
                    TYPE, "False", "Disabled", "the numbers of pods are those of the specification");
        }
        var report = new AutoscalingReport(metrics);
        autoscalers.forEach(report::add);
        return report.condition(transitions);
    }

    private void add(HorizontalPodAutoscaler autoscaler) {
        var wanted = autoscaler.getSpec().getMetrics().stream()
                .map(AutoscalingReport::wanted)
                .toList();
        var measured = measured(autoscaler);
        var missing = wanted.stream().filter(name -> !measured.contains(name)).toList();
        var present = wanted.stream().filter(measured::contains).toList();
        var inactive = inactive(autoscaler);
        inactive.ifPresent(condition -> blind = condition);
        waiting |= inactive.isEmpty() && present.isEmpty();
        partly |= !present.isEmpty() && !missing.isEmpty();
        withoutConnections |= !wanted.contains(CONNECTIONS);
        parts.add(component(autoscaler) + " by " + (present.isEmpty() ? "nothing yet" : String.join(", ", present))
                + (missing.isEmpty() ? "" : "; not measured: " + String.join(", ", missing)));
    }

    private ClusterCondition condition(Transitions transitions) {
        var message = String.join("; ", parts);
        if (blind != null) {
            return transitions.condition(
                    TYPE,
                    "False",
                    Objects.requireNonNullElse(blind.getReason(), "MetricsMissing"),
                    message + ": " + blind.getMessage());
        }
        if (waiting) {
            return transitions.condition(TYPE, "Unknown", "Starting", message);
        }
        if (!metrics.served() && withoutConnections
                || metrics.served() && partly && !metrics.reason().equals("Served")) {
            return transitions.condition(TYPE, "True", metrics.reason(), message + "; " + metrics.message());
        }
        return partly
                ? transitions.condition(TYPE, "True", "PartlyMeasured", message)
                : transitions.condition(TYPE, "True", "AllMeasured", message);
    }

    /** Why an autoscaler cannot decide; one that was switched off by hand is left out. */
    private static Optional<HorizontalPodAutoscalerCondition> inactive(HorizontalPodAutoscaler autoscaler) {
        if (autoscaler.getStatus() == null || autoscaler.getStatus().getConditions() == null) {
            return Optional.empty();
        }
        return autoscaler.getStatus().getConditions().stream()
                .filter(condition -> "ScalingActive".equals(condition.getType())
                        && "False".equals(condition.getStatus())
                        && !"ScalingDisabled".equals(condition.getReason()))
                .findFirst();
    }

    private static Set<String> measured(HorizontalPodAutoscaler autoscaler) {
        var names = new HashSet<String>();
        if (autoscaler.getStatus() != null && autoscaler.getStatus().getCurrentMetrics() != null) {
            autoscaler.getStatus().getCurrentMetrics().stream()
                    .map(AutoscalingReport::measured)
                    .flatMap(Optional::stream)
                    .forEach(names::add);
        }
        return names;
    }

    private static String wanted(MetricSpec metric) {
        if (metric.getResource() != null) {
            return metric.getResource().getName();
        }
        return metric.getPods() == null
                ? String.valueOf(metric.getType())
                : name(metric.getPods().getMetric().getName());
    }

    /** One that could not be measured has neither name nor value. */
    private static Optional<String> measured(MetricStatus metric) {
        if (metric.getResource() != null && metric.getResource().getCurrent() != null) {
            return Optional.of(metric.getResource().getName());
        }
        return metric.getPods() == null || metric.getPods().getMetric() == null
                ? Optional.empty()
                : Optional.of(name(metric.getPods().getMetric().getName()));
    }

    private static String name(String metric) {
        return Autoscalers.CONNECTIONS.equals(metric) ? CONNECTIONS : metric;
    }

    private static String component(HorizontalPodAutoscaler autoscaler) {
        var labels = autoscaler.getMetadata().getLabels();
        var component = labels == null ? null : labels.get(Component.COMPONENT_LABEL);
        return Component.PROXY.word().equals(component) ? "proxies" : "backends";
    }
}
