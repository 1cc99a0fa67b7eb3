package io.tickstorm.backend;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tickstorm.backend.protocol.ErrorCode;
import io.tickstorm.backend.stream.StreamTotals;
import io.tickstorm.backend.web.WebTotals;
import java.util.function.ToDoubleFunction;

/** The backend's metrics: views of totals that are kept anyway. */
final class Meters {
    private static final String ERROR_PREFIX = "ERROR_CODE_";

    private Meters() {}

    static void bind(MeterRegistry registry, StreamTotals streams, WebTotals web) {
        Gauge.builder("tick_storm_active_connections", () -> streams.active() + web.active())
                .description("Open client connections, Tick-Storm and HTTP")
                .register(registry);
        Gauge.builder("tick_storm_subscriptions", streams::subscribed)
                .description("Tick-Storm sessions that are subscribed")
                .register(registry);
        counter(
                registry,
                "tick_storm_connections",
                "Accepted connections",
                "protocol",
                "tcp",
                streams,
                StreamTotals::accepted);
        counter(
                registry,
                "tick_storm_connections",
                "Accepted connections",
                "protocol",
                "http",
                web,
                WebTotals::accepted);
        counter(registry, "tick_storm_frames_received", "Frames from clients", streams, StreamTotals::framesReceived);
        counter(registry, "tick_storm_batches_sent", "Batches written to sessions", streams, StreamTotals::batchesSent);
        counter(
                registry,
                "tick_storm_batches_dropped",
                "Batches that slow readers missed",
                streams,
                StreamTotals::batchesDropped);
        for (var code : ErrorCode.values()) {
            if (code != ErrorCode.ERROR_CODE_UNSPECIFIED && code != ErrorCode.UNRECOGNIZED) {
                var name = code.name().substring(ERROR_PREFIX.length());
                counter(
                        registry,
                        "tick_storm_errors",
                        "Sessions ended by an ERROR",
                        "code",
                        name,
                        streams,
                        totals -> totals.errors(code));
            }
        }
        counter(registry, "tick_storm_http_requests", "HTTP requests that began", web, WebTotals::requests);
        for (int status = 2; status <= 5; status++) {
            var statusClass = status;
            counter(
                    registry,
                    "tick_storm_http_responses",
                    "HTTP answers that ended",
                    "class",
                    status + "xx",
                    web,
                    totals -> totals.answers(statusClass));
        }
    }

    private static <T> void counter(
            MeterRegistry registry, String name, String description, T totals, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, totals, value).description(description).register(registry);
    }

    private static <T> void counter(
            MeterRegistry registry,
            String name,
            String description,
            String tag,
            String is,
            T totals,
            ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, totals, value)
                .description(description)
                .tag(tag, is)
                .register(registry);
    }
}
