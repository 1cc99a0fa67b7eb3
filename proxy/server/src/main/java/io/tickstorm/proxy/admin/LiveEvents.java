package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.history.Event;
import io.tickstorm.proxy.history.History;
import io.tickstorm.proxy.history.Measure;
import io.tickstorm.proxy.history.Timeline;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** Server-sent events as bytes, each of one line of JSON. */
final class LiveEvents {
    private static final double TENTHS = 10;

    private LiveEvents() {}

    /** @param name what the page listens to */
    static Buffer of(String name, Object json) {
        return Buffer.buffer("event: " + name + "\ndata: " + json + "\n\n");
    }

    /** All that has happened, the latest first. */
    static JsonArray timeline(Timeline timeline) {
        var all = new JsonArray();
        timeline.events().forEach(event -> all.add(of(event)));
        return all;
    }

    private static JsonObject of(Event event) {
        return new JsonObject()
                .put("number", event.number())
                .put("at", event.first().toEpochMilli())
                .put("last", event.last().toEpochMilli())
                .put("times", event.times())
                .put("kind", event.kind().words())
                .put("tone", event.kind().tone().name().toLowerCase(Locale.ROOT))
                .put("backend", event.backend())
                .put("text", event.text());
    }

    /**
     * The last samples.
     *
     * @param most of each series
     */
    static JsonObject samples(History history, int most) {
        var series = new JsonObject();
        history.series(most).forEach((name, measures) -> {
            var json = new JsonObject();
            measures.forEach((measure, values) -> json.put(name(measure), numbers(values)));
            series.put(name, json);
        });
        return new JsonObject().put("step", History.STEP.toMillis()).put("series", series);
    }

    private static String name(Measure measure) {
        return switch (measure) {
            case REQUESTS -> "rate";
            case FAILURES -> "failed";
            case RETRIES -> "retried";
            case ERRORS -> "errors";
            case P50 -> "p50";
            case P99 -> "p99";
            case IN_FLIGHT -> "inFlight";
        };
    }

    /** What is not known is null. */
    private static JsonArray numbers(float[] values) {
        var numbers = new JsonArray();
        for (var value : values) {
            if (Float.isNaN(value)) {
                numbers.addNull();
            } else {
                numbers.add(Math.round(value * TENTHS) / TENTHS);
            }
        }
        return numbers;
    }
}
