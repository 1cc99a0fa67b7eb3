package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.access.EntryJson;
import io.tickstorm.proxy.access.Recorded;
import io.tickstorm.proxy.access.Try;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * An answer to why.
 *
 * @param verdict one sentence
 * @param because what led to it, the weightiest first
 * @param known what else is known and may help
 * @param advice what a person can do
 * @param requests the failures that belong to it, the latest first
 */
record Explanation(
        String verdict, List<String> because, List<String> known, List<String> advice, List<Recorded> requests) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    JsonObject json() {
        var failures = new JsonArray();
        requests.forEach(recorded -> failures.add(EntryJson.of(recorded)));
        return new JsonObject()
                .put("verdict", verdict)
                .put("because", new JsonArray(because))
                .put("known", new JsonArray(known))
                .put("advice", new JsonArray(advice))
                .put("requests", failures);
    }

    String text() {
        var text = new StringBuilder(verdict).append('\n');
        list(text, "Because:", because);
        list(text, "Known:", known);
        list(text, "What to do:", advice);
        if (!requests.isEmpty()) {
            text.append("Requests (UTC, the latest first):\n");
            requests.forEach(recorded -> text.append(text(recorded)));
        }
        return text.toString();
    }

    private static void list(StringBuilder text, String heading, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append(heading).append('\n');
            lines.forEach(line -> text.append("  - ").append(line).append('\n'));
        }
    }

    private static String text(Recorded recorded) {
        var entry = recorded.entry();
        var request = entry.request();
        var text = new StringBuilder("  ").append(TIME.format(recorded.began())).append(' ');
        if (request == null) {
            text.append(entry.protocol()).append(" connection");
        } else {
            text.append(request.method()).append(' ').append(request.host()).append(request.path());
        }
        text.append(" from ").append(entry.client()).append(": ");
        text.append(entry.status() == 0 ? "ended" : String.valueOf(entry.status()));
        text.append(" after ").append(Words.time(entry.totalNanos()));
        if (entry.waitedNanos() > 0) {
            text.append(", of which it waited ").append(Words.time(entry.waitedNanos()));
        }
        text.append("\n    ")
                .append(entry.termination())
                .append(": ")
                .append(entry.termination().words());
        if (!entry.detail().isEmpty()) {
            text.append(": ").append(entry.detail());
        }
        text.append('\n');
        int number = 1;
        for (var attempt : entry.tries()) {
            text.append("    attempt ")
                    .append(number++)
                    .append(": ")
                    .append(text(attempt))
                    .append('\n');
        }
        if (entry.tries().isEmpty()) {
            text.append("    no attempt was made\n");
        }
        if (request != null && !request.id().isEmpty()) {
            text.append("    request id ").append(request.id()).append('\n');
        }
        return text.toString();
    }

    private static String text(Try attempt) {
        var text = new StringBuilder(attempt.upstream());
        if (!attempt.upstream().equals(attempt.address())) {
            text.append(" (").append(attempt.address()).append(')');
        }
        text.append(", begun after ").append(Words.time(attempt.beganNanos())).append(": ");
        var failure = attempt.failure();
        if (failure != null) {
            text.append(failure);
        } else if (attempt.status() != 0) {
            text.append("answered ").append(attempt.status());
        } else {
            text.append("served");
        }
        text.append(" after ").append(Words.time(attempt.endNanos()));
        if (attempt.firstByteNanos() != Try.NEVER) {
            text.append(", first byte after ").append(Words.time(attempt.firstByteNanos()));
        }
        if (attempt.reused()) {
            text.append(", on a kept connection");
        } else if (attempt.connectNanos() == Try.NEVER) {
            text.append(", never connected");
        } else {
            text.append(", connected after ").append(Words.time(attempt.connectNanos()));
        }
        return text.toString();
    }
}
