package io.tickstorm.cli.load;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link LoadPlan}.
 *
 * @param runId begins the {@code X-Load-Id} of each POST of this run: {@code RUN-NUMBER}
 * @param elapsed from the first intended time to the end of the last request
 * @param sent requests whose intended time has come, whatever became of them
 * @param posts those of {@code sent} that were POSTs
 * @param ok answers with a status below 400
 * @param underWay requests that have not ended; 0 once the run has
 * @param failures the other requests, by kind
 * @param statuses answers by status
 * @param servers answers by the header {@code X-Served-By}
 * @param latency from the intended time to the last byte, of all answers
 * @param slowest the slowest answer; null where there was none
 * @param seconds requests by the second of their intended time
 * @param connects connections that were made
 * @param strays answers to no request, on idle connections
 * @param lateness how late the generator itself began requests: where this is not small, this machine is too slow
 */
public record LoadReport(
        LoadPlan plan,
        String runId,
        Duration elapsed,
        long sent,
        long posts,
        long ok,
        long underWay,
        Map<Failure, Long> failures,
        Map<Integer, Long> statuses,
        Map<String, Long> servers,
        Latency latency,
        @Nullable Slowest slowest,
        List<Second> seconds,
        long connects,
        long strays,
        Latency lateness) {

    /**
     * @param at the intended time, from the start of the run
     */
    public record Slowest(Duration latency, Duration at, int status) {}

    /**
     * @param second from 0
     * @param sent requests intended in this second
     * @param failed those that failed
     * @param latency of their answers
     */
    public record Second(int second, long sent, long failed, Latency latency) {}

    /** Requests that failed, of every kind. */
    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The second with the slowest answer; empty where nothing was sent. */
    public Optional<Second> slowestSecond() {
        return seconds.stream()
                .max(Comparator.comparing(second -> second.latency().max()));
    }

    /** All of it, durations in milliseconds. */
    public JsonObject json() {
        var json = new JsonObject()
                .put("url", plan.target().toString())
                .put("run", runId)
                .put("rate", plan.rate())
                .put("connections", plan.connections())
                .put("elapsedMs", Latency.millis(elapsed))
                .put("sent", sent)
                .put("posts", posts)
                .put("ok", ok)
                .put("failed", failed())
                .put("underWay", underWay)
                .put("failures", new JsonObject())
                .put("statuses", new JsonObject())
                .put("servers", new JsonObject(new TreeMap<>(servers)))
                .put("latencyMs", latency.json())
                .put("slowest", slowest == null ? null : json(slowest))
                .put("connects", connects)
                .put("strays", strays)
                .put("latenessMs", lateness.json())
                .put("seconds", new JsonArray());
        new TreeMap<>(failures)
                .forEach((failure, count) -> json.getJsonObject("failures").put(failure.key(), count));
        new TreeMap<>(statuses)
                .forEach((status, count) -> json.getJsonObject("statuses").put(Integer.toString(status), count));
        seconds.forEach(second -> json.getJsonArray("seconds").add(json(second)));
        return json;
    }

    /** A few lines for a person, the last one without a line break. */
    public String text() {
        var text = new StringBuilder();
        line(text, "target", plan.target() + ", " + plan.connections() + " connections");
        line(text, "requests", "%,d in %.1f s (%,d POST)", sent, elapsed.toMillis() / 1e3, posts);
        line(text, "answered", "%,d ok", ok);
        line(text, "failed", "%,d", failed());
        new TreeMap<>(failures).forEach((failure, count) -> line(text, "", "%,d %s", count, failure.words()));
        line(
                text,
                "latency",
                "p50 %s   p90 %s   p99 %s   p99.9 %s",
                Latency.words(latency.p50()),
                Latency.words(latency.p90()),
                Latency.words(latency.p99()),
                Latency.words(latency.p999()));
        if (slowest != null) {
            line(
                    text,
                    "slowest",
                    "%s, %.1f s after the start",
                    Latency.words(slowest.latency()),
                    slowest.at().toMillis() / 1e3);
        }
        new TreeMap<>(servers)
                .forEach((server, count) ->
                        line(text, "served by", "%s %,d (%.1f %%)", server, count, 100.0 * count / latency.count()));
        if (strays > 0) {
            line(text, "strays", "%,d answers to no request", strays);
        }
        // Above 10 ms the generator's own lateness is what the percentiles show.
        if (lateness.p99().toMillis() >= 10) {
            line(text, "careful", "the generator was late itself, p99 %s", Latency.words(lateness.p99()));
        }
        return text.toString().stripTrailing();
    }

    private static JsonObject json(Slowest slowest) {
        return new JsonObject()
                .put("latencyMs", Latency.millis(slowest.latency()))
                .put("atMs", Latency.millis(slowest.at()))
                .put("status", slowest.status());
    }

    private static JsonObject json(Second second) {
        return new JsonObject()
                .put("second", second.second())
                .put("sent", second.sent())
                .put("failed", second.failed())
                .put("latencyMs", second.latency().json());
    }

    static void line(StringBuilder text, String name, String format, Object... values) {
        var value = values.length == 0 ? format : String.format(java.util.Locale.ROOT, format, values);
        text.append(String.format("%-10s %s%n", name, value));
    }
}
