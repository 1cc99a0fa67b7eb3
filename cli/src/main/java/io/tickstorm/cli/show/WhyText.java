package io.tickstorm.cli.show;

import io.tickstorm.cli.show.Style.Paint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The answers of proxies to the same question: what several say in the same words is said once. */
public final class WhyText {
    private static final int MOST_REQUESTS = 5;

    private WhyText() {}

    /**
     * @param answers by the name of the proxy, as its {@code GET /why} gives them
     * @param proxies how many were asked
     */
    public static String of(Map<String, List<JsonObject>> answers, int proxies, Style style) {
        var out = new StringBuilder();
        verdicts(answers).forEach((verdict, by) -> {
            Tree.fold(style.paint(Paint.STRONG, verdict), "", "  ", style, out);
            if (proxies > 1) {
                Tree.fold(
                        style.paint(
                                Paint.DIM,
                                answers.size() == 1
                                        ? "so says " + by.getFirst() + ", the only one that knows of it"
                                        : by.size() == proxies
                                                ? "so say all " + proxies + " proxies"
                                                : "so say " + by.size() + " of " + proxies + " proxies: "
                                                        + String.join(", ", by)),
                        "  ",
                        "  ",
                        style,
                        out);
            }
        });
        section(out, style, "Because", lines(answers, "because"), proxies);
        section(out, style, "Known", lines(answers, "known"), proxies);
        section(out, style, "What to do", lines(answers, "advice"), proxies);
        requests(out, style, answers);
        return out.toString();
    }

    private static Map<String, List<String>> verdicts(Map<String, List<JsonObject>> answers) {
        var found = new LinkedHashMap<String, List<String>>();
        answers.forEach((proxy, given) -> given.forEach(
                answer -> found.computeIfAbsent(answer.getString("verdict", ""), verdict -> new ArrayList<>())
                        .add(proxy)));
        return found;
    }

    private static Map<String, List<String>> lines(Map<String, List<JsonObject>> answers, String key) {
        var found = new LinkedHashMap<String, List<String>>();
        answers.forEach((proxy, given) -> given.forEach(answer -> answer.getJsonArray(key, new JsonArray())
                .forEach(line -> {
                    var by = found.computeIfAbsent(String.valueOf(line), text -> new ArrayList<>());
                    if (!by.contains(proxy)) {
                        by.add(proxy);
                    }
                })));
        return found;
    }

    private static void section(
            StringBuilder out, Style style, String heading, Map<String, List<String>> lines, int proxies) {
        if (lines.isEmpty()) {
            return;
        }
        out.append(heading).append(":\n");
        lines.forEach((line, by) -> Tree.fold(
                line
                        + (proxies == 1 || by.size() == proxies
                                ? ""
                                : " " + style.paint(Paint.DIM, "(" + String.join(", ", by) + ")")),
                "  - ",
                "    ",
                style,
                out));
    }

    private static void requests(StringBuilder out, Style style, Map<String, List<JsonObject>> answers) {
        var found = new ArrayList<Map.Entry<String, JsonObject>>();
        answers.forEach((proxy, given) -> given.forEach(answer -> answer.getJsonArray("requests", new JsonArray())
                .forEach(request -> found.add(Map.entry(proxy, (JsonObject) request)))));
        if (found.isEmpty()) {
            return;
        }
        found.sort((one, other) ->
                other.getValue().getString("time", "").compareTo(one.getValue().getString("time", "")));
        out.append(
                        found.size() > MOST_REQUESTS
                                ? "The last " + MOST_REQUESTS + " of " + found.size() + " requests"
                                : "Requests")
                .append(" (UTC, the latest first):\n");
        found.stream().limit(MOST_REQUESTS).forEach(entry -> request(out, style, entry.getKey(), entry.getValue()));
    }

    private static void request(StringBuilder out, Style style, String proxy, JsonObject request) {
        var what = request.containsKey("method")
                ? request.getString("method") + " " + request.getString("host") + request.getString("path")
                : request.getString("protocol") + " connection";
        Tree.fold(
                request.getString("time") + " " + what + " from " + request.getString("client") + " at " + proxy + ": "
                        + (request.containsKey("status") ? request.getValue("status") : "ended") + " after "
                        + Numbers.millis(request.getDouble("totalMs")),
                "  ",
                "      ",
                style,
                out);
        Tree.fold(
                request.getString("termination") + ": " + request.getString("reason")
                        + (request.containsKey("detail") ? ": " + request.getString("detail") : ""),
                "    ",
                "      ",
                style,
                out);
        int number = 1;
        for (var item : request.getJsonArray("attempts", new JsonArray())) {
            var attempt = (JsonObject) item;
            Tree.fold(
                    "attempt " + number + ": " + attempt.getString("upstream") + " (" + attempt.getString("address")
                            + "), begun after " + Numbers.millis(attempt.getDouble("afterMs")) + ": "
                            + (attempt.containsKey("failure")
                                    ? attempt.getString("failure")
                                    : "answered " + attempt.getValue("status", "nothing"))
                            + " after " + Numbers.millis(attempt.getDouble("tookMs")),
                    "    ",
                    "      ",
                    style,
                    out);
            number++;
        }
        if (request.containsKey("requestId")) {
            out.append("    request id ").append(request.getString("requestId")).append('\n');
        }
    }
}
