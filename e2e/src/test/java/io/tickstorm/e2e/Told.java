package io.tickstorm.e2e;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a proxy tells of a request over HTTP in its access log.
 *
 * @param upstreams the endpoints that it was tried on, in order
 * @param line all that it tells
 */
record Told(String method, String termination, List<String> upstreams, String line) {
    static Stream<Told> read(String log) {
        return log.lines()
                .filter(line -> line.startsWith("{") && line.contains("\"protocol\":\"HTTP\""))
                .map(Told::of);
    }

    private static Told of(String line) {
        var entry = new JsonObject(line);
        var upstreams = entry.getJsonArray("attempts", new JsonArray()).stream()
                .map(attempt -> ((JsonObject) attempt).getString("upstream"))
                .toList();
        return new Told(entry.getString("method", ""), entry.getString("termination"), upstreams, line);
    }

    boolean complete() {
        return "COMPLETE".equals(termination);
    }
}
