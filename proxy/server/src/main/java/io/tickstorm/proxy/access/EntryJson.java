package io.tickstorm.proxy.access;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.temporal.ChronoUnit;

/** An entry as JSON; {@code docs/reference/access-log.md} documents each field. What did not happen is left out. */
public final class EntryJson {
    private static final double NANOS_PER_MILLI = 1e6;

    private EntryJson() {}

    public static JsonObject of(Recorded recorded) {
        var entry = recorded.entry();
        var json = new JsonObject()
                .put("time", recorded.began().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("listener", entry.listener())
                .put("protocol", entry.protocol().name());
        put(json, "version", entry.version());
        json.put("client", entry.client());
        put(json, "backend", entry.backend());
        var request = entry.request();
        if (request != null) {
            json.put("requestId", request.id())
                    .put("method", request.method())
                    .put("host", request.host())
                    .put("path", request.path());
        }
        if (entry.status() != 0) {
            json.put("status", entry.status());
        }
        json.put("bytesIn", entry.bytesIn())
                .put("bytesOut", entry.bytesOut())
                .put("waitedMs", millis(entry.waitedNanos()))
                .put("totalMs", millis(entry.totalNanos()))
                .put("termination", entry.termination().name())
                .put("reason", entry.termination().words());
        put(json, "detail", entry.detail());
        var attempts = new JsonArray();
        entry.tries().forEach(attempt -> attempts.add(of(attempt)));
        return json.put("attempts", attempts);
    }

    private static JsonObject of(Try attempt) {
        var json = new JsonObject()
                .put("upstream", attempt.upstream())
                .put("address", attempt.address())
                .put("afterMs", millis(attempt.beganNanos()))
                .put("reused", attempt.reused());
        putTime(json, "connectMs", attempt.connectNanos());
        putTime(json, "firstByteMs", attempt.firstByteNanos());
        json.put("tookMs", millis(attempt.endNanos()));
        if (attempt.status() != 0) {
            json.put("status", attempt.status());
        }
        var failure = attempt.failure();
        if (failure != null) {
            json.put("failure", failure.name());
        }
        return json;
    }

    private static void put(JsonObject json, String key, String text) {
        if (!text.isEmpty()) {
            json.put(key, text);
        }
    }

    private static void putTime(JsonObject json, String key, long nanos) {
        if (nanos != Try.NEVER) {
            json.put(key, millis(nanos));
        }
    }

    /** With three decimals: microseconds are what a proxy adds. */
    private static double millis(long nanos) {
        return Math.round(nanos / NANOS_PER_MILLI * 1000) / 1000.0;
    }
}
