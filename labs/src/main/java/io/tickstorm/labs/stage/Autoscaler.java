package io.tickstorm.labs.stage;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.operator.desired.ClusterReader.Reading;
import io.tickstorm.operator.desired.Defaults;
import io.tickstorm.operator.desired.Desired;
import io.tickstorm.operator.desired.Situation;
import io.tickstorm.operator.desired.Surroundings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.IntBinaryOperator;

/**
 * What Kubernetes does about a HorizontalPodAutoscaler that the operator has written, by the rules of its documentation: the ratio to
 * each target and its tolerance, the metric that asks for most, windows, and what a minute may change. All pods are taken to be ready
 * and all metrics to be there. One thread.
 */
public final class Autoscaler {
    /** How often Kubernetes looks. */
    public static final Duration PERIOD = Duration.ofSeconds(15);

    /** {@code --horizontal-pod-autoscaler-tolerance} of the controller manager. */
    private static final double TOLERANCE = 0.1;

    private static final double PERCENT = 100;

    private final HorizontalPodAutoscaler object;
    private final Deque<Advice> advices = new ArrayDeque<>();
    private final Deque<Change> changes = new ArrayDeque<>();

    private record Advice(Duration at, int pods) {}

    private record Change(Duration at, int pods) {}

    private Autoscaler(HorizontalPodAutoscaler object) {
        this.object = object;
    }

    /** Of the backends of a {@code TickStormCluster}, as its manifest has it. */
    public static Autoscaler ofBackends(String manifest) {
        if (!(ClusterReader.read(manifest, "lab") instanceof Reading.Accepted accepted)) {
            throw new IllegalArgumentException(manifest + " (expected: a cluster without problems)");
        }
        var cluster = accepted.cluster();
        var situation = new Situation(new Defaults("proxy", "backend", null), new Surroundings(true, false, false));
        return Desired.of(cluster, situation).stream()
                .filter(HorizontalPodAutoscaler.class::isInstance)
                .map(HorizontalPodAutoscaler.class::cast)
                .filter(one ->
                        one.getMetadata().getName().equals(cluster.getMetadata().getName() + "-backend"))
                .findFirst()
                .map(Autoscaler::new)
                .orElseThrow(() -> new IllegalArgumentException(manifest + " (expected: spec.autoscaling.backend)"));
    }

    /** What a metric is to be on average: percent of a request, or a number of connections. */
    public double target(String metric) {
        return object.getSpec().getMetrics().stream()
                .filter(one -> name(one).equals(metric))
                .mapToDouble(Autoscaler::target)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("metric " + metric + " (expected: one of "
                        + object.getSpec().getMetrics().stream()
                                .map(Autoscaler::name)
                                .toList()
                        + ")"));
    }

    /** What the formula says of these values, before anything holds it back. @param averages of the pods, by metric */
    public int asked(int pods, Map<String, Double> averages) {
        return averages.entrySet().stream()
                .mapToInt(entry -> asked(pods, entry.getValue() / target(entry.getKey())))
                .max()
                .orElse(pods);
    }

    private static int asked(int pods, double ratio) {
        return ratio >= 1 - TOLERANCE && ratio <= 1 + TOLERANCE ? pods : (int) Math.ceil(pods * ratio);
    }

    /** Looks once. @return how many pods there are to be from now on */
    public int look(Duration now, int pods, Map<String, Double> averages) {
        var asked = asked(pods, averages);
        var up = object.getSpec().getBehavior().getScaleUp();
        var down = object.getSpec().getBehavior().getScaleDown();
        int least = within(now, up, asked, Math::min);
        int most = within(now, down, asked, Math::max);
        advices.add(new Advice(now, asked));
        int next = Math.min(Math.max(pods, least), most);
        if (next > pods) {
            int limit = (int) Math.ceil(before(now, pods) * (1 + percent(up)));
            next = Math.min(next, Math.min(object.getSpec().getMaxReplicas(), Math.max(limit, pods)));
        } else if (next < pods) {
            int limit = (int) (before(now, pods) * (1 - percent(down)));
            next = Math.max(next, Math.max(object.getSpec().getMinReplicas(), Math.min(limit, pods)));
        }
        changes.add(new Change(now, next - pods));
        return next;
    }

    /** What was advised in a window, the present included, as far towards no change as any of it. */
    private int within(Duration now, HPAScalingRules rules, int asked, IntBinaryOperator nearest) {
        var begin = now.minusSeconds(rules.getStabilizationWindowSeconds());
        return advices.stream()
                .filter(advice -> advice.at().compareTo(begin) > 0)
                .mapToInt(Advice::pods)
                .reduce(asked, nearest);
    }

    /** Pods at the beginning of the minute that ends now. */
    private int before(Duration now, int pods) {
        var begin = now.minusMinutes(1);
        return pods
                - changes.stream()
                        .filter(change -> change.at().compareTo(begin) > 0)
                        .mapToInt(Change::pods)
                        .sum();
    }

    private static double percent(HPAScalingRules rules) {
        return rules.getPolicies().getFirst().getValue() / PERCENT;
    }

    private static String name(MetricSpec metric) {
        return metric.getResource() == null
                ? metric.getPods().getMetric().getName()
                : metric.getResource().getName();
    }

    private static double target(MetricSpec metric) {
        return metric.getResource() == null
                ? metric.getPods()
                        .getTarget()
                        .getAverageValue()
                        .getNumericalAmount()
                        .doubleValue()
                : metric.getResource().getTarget().getAverageUtilization();
    }
}
