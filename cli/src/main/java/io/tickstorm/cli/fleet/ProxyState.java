package io.tickstorm.cli.fleet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one proxy tells by {@code GET /state}; its admin API documents each field. A field that a release does not tell is 0, empty or null. */
public record ProxyState(
        boolean draining,
        boolean ready,
        long connections,
        long totalConnections,
        String hash,
        List<String> problems,
        List<Listener> listeners,
        List<Backend> backends) {

    /** A port that is listened on. */
    public record Listener(String name, String protocol, int port, long connections, long accepted, long refused) {}

    /** @param trouble why its endpoints cannot be asked for now; null if they can */
    public record Backend(
            String name,
            String policy,
            String mode,
            String modeWords,
            long inFlight,
            long waiting,
            @Nullable String trouble,
            boolean synced,
            List<Upstream> upstreams) {}

    /**
     * An endpoint as this proxy knows it.
     *
     * @param lastMinute what it answered over the last minute
     */
    public record Upstream(
            String name,
            String address,
            @Nullable String zone,
            @Nullable String node,
            String condition,
            boolean serving,
            boolean drained,
            boolean full,
            List<Held> held,
            double share,
            long inFlight,
            long requests,
            long retries,
            long failures,
            @Nullable Double p50Millis,
            @Nullable Double p99Millis,
            Buckets lastMinute) {}

    /** What holds an endpoint back. */
    public record Held(String reason, String detail, long seconds) {}

    static ProxyState of(JsonObject json) {
        return new ProxyState(
                json.getBoolean("draining", false),
                json.getBoolean("ready", false),
                json.getLong("connections", 0L),
                json.getLong("totalConnections", 0L),
                text(json, "configurationHash"),
                json.getJsonArray("configurationProblems", new JsonArray()).stream()
                        .map(String::valueOf)
                        .toList(),
                list(json, "listeners", ProxyState::listener),
                list(
                        json,
                        "backends",
                        backend -> backend(backend, json.getJsonArray("answerBoundsMs", new JsonArray()))));
    }

    private static Listener listener(JsonObject json) {
        return new Listener(
                text(json, "name"),
                text(json, "protocol"),
                json.getInteger("port", 0),
                json.getLong("connections", 0L),
                json.getLong("accepted", 0L),
                json.getLong("refused", 0L));
    }

    private static Backend backend(JsonObject json, JsonArray bounds) {
        var discovery = json.getJsonObject("discovery", new JsonObject());
        return new Backend(
                text(json, "name"),
                text(json, "policy"),
                text(json, "mode"),
                text(json, "modeWords"),
                json.getLong("inFlight", 0L),
                json.getLong("waiting", 0L),
                discovery.getString("trouble"),
                discovery.getBoolean("synced", true),
                list(json, "upstreams", upstream -> upstream(upstream, bounds)));
    }

    private static Upstream upstream(JsonObject json, JsonArray bounds) {
        return new Upstream(
                text(json, "name"),
                text(json, "address"),
                json.getString("zone"),
                json.getString("node"),
                text(json, "condition"),
                json.getBoolean("serving", false),
                json.getBoolean("drainedByHand", false),
                json.getBoolean("full", false),
                list(
                        json,
                        "held",
                        hold -> new Held(text(hold, "reason"), text(hold, "detail"), hold.getLong("forSeconds", 0L))),
                json.getDouble("sharePercent", 0.0),
                json.getLong("inFlight", 0L),
                json.getLong("requests", 0L),
                json.getLong("retries", 0L),
                json.getLong("failures", 0L),
                json.getDouble("p50Ms"),
                json.getDouble("p99Ms"),
                Buckets.of(
                        bounds,
                        json.getJsonObject("lastMinute", new JsonObject()).getJsonArray("answers", new JsonArray())));
    }

    private static String text(JsonObject json, String key) {
        return Objects.requireNonNullElse(json.getString(key), "");
    }

    private static <T> List<T> list(JsonObject json, String key, Function<JsonObject, T> each) {
        return json.getJsonArray(key, new JsonArray()).stream()
                .map(item -> each.apply((JsonObject) item))
                .toList();
    }
}
