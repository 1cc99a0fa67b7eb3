package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Objects for the Prometheus operator, where it is installed. */
public record MonitoringSpec(
        @JsonPropertyDescription(
                "A ServiceMonitor: what Prometheus scrapes, the proxies and the backend port named metrics.")
        Monitor serviceMonitor,

        @JsonPropertyDescription("A PrometheusRule: the alerts on this cluster.")
        Rule prometheusRule) {

    public MonitoringSpec(@Nullable Monitor serviceMonitor, @Nullable Rule prometheusRule) {
        this.serviceMonitor = requireNonNullElseGet(serviceMonitor, () -> new Monitor(null, null, null));
        this.prometheusRule = requireNonNullElseGet(prometheusRule, () -> new Rule(null, null));
    }

    static MonitoringSpec defaults() {
        return new MonitoringSpec(null, null);
    }

    /** What is scraped. */
    public record Monitor(
            @JsonPropertyDescription(
                    "Whether there is a ServiceMonitor. Left out: where the API server knows the kind. True where it does not is told in the status.")
            @Nullable
            Boolean enabled,

            @JsonPropertyDescription(
                    "Further labels, by which a Prometheus finds it, such as {release: prometheus}. Left out: none.")
            @Size(max = 32)
            Map<String, String> labels,

            @JsonPropertyDescription("How often it is scraped.")
            @Default("15s")
            @Pattern(Durations.PATTERN)
            @Size(max = 32)
            String interval) {

        public Monitor(@Nullable Boolean enabled, @Nullable Map<String, String> labels, @Nullable String interval) {
            this.enabled = enabled;
            this.labels = sorted(labels);
            this.interval = requireNonNullElse(interval, "15s");
        }
    }

    /** What is alerted on. */
    public record Rule(
            @JsonPropertyDescription(
                    "Whether there is a PrometheusRule. Left out: where the API server knows the kind. True where it does not is told in the status.")
            @Nullable
            Boolean enabled,

            @JsonPropertyDescription(
                    "Further labels, by which a Prometheus finds it, such as {release: prometheus}. Left out: none.")
            @Size(max = 32)
            Map<String, String> labels) {

        public Rule(@Nullable Boolean enabled, @Nullable Map<String, String> labels) {
            this.enabled = enabled;
            this.labels = sorted(labels);
        }
    }

    private static Map<String, String> sorted(@Nullable Map<String, String> labels) {
        return labels == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
