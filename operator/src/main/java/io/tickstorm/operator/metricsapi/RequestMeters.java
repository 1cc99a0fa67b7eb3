package io.tickstorm.operator.metricsapi;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is counted of the metrics that are served. Thread-safe. */
final class RequestMeters {
    private static final String REQUESTS = "tick.storm.operator.metrics.api.requests";
    private static final String EXPIRY = "tick.storm.operator.metrics.api.certificate.expiry";
    /** An answer takes milliseconds where proxies were asked lately, up to a second where one of them is silent. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2)
    };

    private final MeterRegistry registry;

    RequestMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * One answer.
     *
     * @param code status of HTTP
     */
    void answered(HttpMethod method, Question question, int code, long nanos) {
        Timer.builder(REQUESTS)
                .description("Answers of the metrics that autoscalers ask for")
                .tag("verb", verb(method))
                .tag("resource", resource(question))
                .tag("code", String.valueOf(code))
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** @param certificate that is served; null while none is */
    void watch(Supplier<@Nullable X509Certificate> certificate, InstantSource clock) {
        Gauge.builder(EXPIRY, () -> {
                    var served = certificate.get();
                    return served == null
                            ? Double.NaN
                            : Duration.between(
                                            clock.instant(),
                                            served.getNotAfter().toInstant())
                                    .toSeconds();
                })
                .description("Until the certificate that is served expires")
                .baseUnit("seconds")
                .register(registry);
    }

    /** A few words, whatever callers invent. */
    private static String verb(HttpMethod method) {
        return method == HttpMethod.GET || method == HttpMethod.HEAD ? "get" : "other";
    }

    private static String resource(Question question) {
        return switch (question) {
            case Question.Group group -> "group";
            case Question.Resources resources -> "resources";
            case Question.Documentation documentation -> "openapi";
            case Question.Descriptions descriptions -> "openapi";
            case Question.Description description -> "openapi";
            case Question.Metric metric -> metric.resource().equals("pods") ? "pods" : "other";
            case Question.Nothing nothing -> "other";
        };
    }
}
