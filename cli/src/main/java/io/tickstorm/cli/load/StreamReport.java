package io.tickstorm.cli.load;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of a {@link StreamPlan}.
 *
 * @param live subscriptions that got batches when the report was made
 * @param batches DATA_BATCH frames of all subscriptions
 * @param ticks ticks in them
 * @param missing batches that {@code batch_sequence} passes over within one connection
 * @param disordered batches whose {@code batch_sequence} is not above the last one of the connection
 * @param reconnects subscriptions that ended and began again
 * @param endings how connections ended, in words: {@code closed}, {@code reset}, {@code refused}, an ERROR code
 * @param servers batches by the server that the ACK names ({@code instance_id})
 * @param pauses from the last batch before an end to the first one after it
 * @param unanswered subscriptions that had to wait longer than the plan's timeout for a batch
 */
public record StreamReport(
        StreamPlan plan,
        Duration elapsed,
        int live,
        long batches,
        long ticks,
        long missing,
        long disordered,
        long reconnects,
        Map<String, Long> endings,
        Map<String, Long> servers,
        Latency pauses,
        long unanswered) {

    /** What must not be: batches lost within a connection or out of order, subscriptions that did not go on. */
    public long failed() {
        return missing + disordered + unanswered + (plan.subscriptions() - live);
    }

    /** All of it, durations in milliseconds. */
    public JsonObject json() {
        return new JsonObject()
                .put("url", plan.target().toString())
                .put("subscriptions", plan.subscriptions())
                .put("elapsedMs", Latency.millis(elapsed))
                .put("live", live)
                .put("failed", failed())
                .put("batches", batches)
                .put("ticks", ticks)
                .put("missing", missing)
                .put("disordered", disordered)
                .put("reconnects", reconnects)
                .put("unanswered", unanswered)
                .put("endings", new JsonObject(new TreeMap<>(endings)))
                .put("servers", new JsonObject(new TreeMap<>(servers)))
                .put("pausesMs", pauses.json());
    }

    /** A few lines for a person, the last one without a line break. */
    public String text() {
        var text = new StringBuilder();
        LoadReport.line(text, "target", "%s", plan.target());
        LoadReport.line(
                text,
                "streams",
                "%,d subscriptions for %.1f s, %,d of them live at the end",
                plan.subscriptions(),
                elapsed.toMillis() / 1e3,
                live);
        LoadReport.line(text, "batches", "%,d with %,d ticks", batches, ticks);
        LoadReport.line(text, "failed", "%,d (%,d missing, %,d out of order)", failed(), missing, disordered);
        LoadReport.line(text, "reconnects", "%,d", reconnects);
        if (pauses.count() > 0) {
            LoadReport.line(
                    text, "pauses", "p50 %s   longest %s", Latency.words(pauses.p50()), Latency.words(pauses.max()));
        }
        new TreeMap<>(endings).forEach((ending, count) -> LoadReport.line(text, "ended by", "%s %,d", ending, count));
        new TreeMap<>(servers)
                .forEach((server, count) -> LoadReport.line(
                        text, "served by", "%s %,d (%.1f %%)", server, count, 100.0 * count / Math.max(1, batches)));
        return text.toString().stripTrailing();
    }
}
