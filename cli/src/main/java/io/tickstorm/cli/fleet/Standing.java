package io.tickstorm.cli.fleet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the operator says about a cluster in its resource. */
public record Standing(JsonObject resource) {
    /** One of its judgements. */
    public record Condition(String type, String status, String reason, String message) {
        public boolean is(String wanted) {
            return status.equals(wanted);
        }
    }

    public String name() {
        return text(resource.getJsonObject("metadata", new JsonObject()), "name");
    }

    public JsonObject spec() {
        return resource.getJsonObject("spec", new JsonObject());
    }

    public JsonObject status() {
        return resource.getJsonObject("status", new JsonObject());
    }

    /** Empty before the operator has seen it. */
    public List<Condition> conditions() {
        return status().getJsonArray("conditions", new JsonArray()).stream()
                .map(item -> (JsonObject) item)
                .map(json -> new Condition(
                        text(json, "type"), text(json, "status"), text(json, "reason"), text(json, "message")))
                .toList();
    }

    public @Nullable Condition condition(String type) {
        return conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElse(null);
    }

    /** Null where the operator has not said anything of versions. */
    public @Nullable JsonObject rollout() {
        return status().getJsonObject("rollout");
    }

    /** Whether the status is about an older specification. */
    public boolean stale() {
        var metadata = resource.getJsonObject("metadata", new JsonObject());
        return !Objects.equals(metadata.getLong("generation"), status().getLong("observedGeneration"));
    }

    /** {@code http 30081, tcp 30080}; empty if there are none. */
    public String addresses() {
        var balancer = status().getJsonObject("loadBalancer", new JsonObject());
        return text(balancer, "nodePorts");
    }

    /** A key of the status of the rollout, in words. */
    public static String text(JsonObject json, String key) {
        return Objects.requireNonNullElse(json.getValue(key), "").toString();
    }
}
