package io.tickstorm.cli.kube;

import io.tickstorm.cli.fleet.Pod;
import io.tickstorm.cli.fleet.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pod as the API server has it, to what a person wants to know of it. */
final class PodReader {
    private static final String PROXY = "proxy";

    /** How long a pod may take to start before that is a trouble. */
    private static final Duration START = Duration.ofSeconds(60);

    private PodReader() {}

    static @Nullable String cluster(JsonObject pod) {
        return labels(pod).getString("tickstorm.io/cluster");
    }

    static Pod read(JsonObject pod, Instant now) {
        var metadata = object(pod, "metadata");
        var status = object(pod, "status");
        var containers = list(status, "containerStatuses").toList();
        var ready = list(status, "conditions")
                .anyMatch(condition ->
                        "Ready".equals(condition.getString("type")) && "True".equals(condition.getString("status")));
        var young = Instant.parse(metadata.getString("creationTimestamp"))
                .plus(START)
                .isAfter(now);
        return new Pod(
                metadata.getString("name"),
                PROXY.equals(labels(pod).getString("tickstorm.io/component")) ? Role.PROXY : Role.BACKEND,
                ready,
                phase(status, containers),
                metadata.containsKey("deletionTimestamp"),
                object(pod, "spec").getString("nodeName"),
                status.getString("podIP"),
                containers.stream()
                        .mapToInt(container -> container.getInteger("restartCount", 0))
                        .sum(),
                Map.of(),
                metadata.containsKey("deletionTimestamp") ? List.of() : troubles(status, containers, ready || young));
    }

    /** As {@code kubectl get pods} would have it. */
    private static String phase(JsonObject status, List<JsonObject> containers) {
        return containers.stream()
                .map(container -> object(object(container, "state"), "waiting").getString("reason"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> status.getString("reason", status.getString("phase", "Unknown")));
    }

    /** @param fine whether it is ready, or need not be yet */
    private static List<String> troubles(JsonObject status, List<JsonObject> containers, boolean fine) {
        var troubles = new ArrayList<String>();
        list(status, "conditions")
                .filter(condition -> "PodScheduled".equals(condition.getString("type"))
                        && "False".equals(condition.getString("status")))
                .forEach(condition -> troubles.add(
                        condition.getString("reason", "not scheduled") + ": " + condition.getString("message", "")));
        for (var container : containers) {
            var waiting = object(object(container, "state"), "waiting");
            var reason = waiting.getString("reason", "");
            var last = object(object(container, "lastState"), "terminated");
            if (!reason.isEmpty() && !reason.equals("ContainerCreating") && !reason.equals("PodInitializing")) {
                troubles.add(reason + (waiting.containsKey("message") ? ": " + waiting.getString("message") : ""));
            }
            if (!fine && !last.isEmpty()) {
                troubles.add("its container ended before: " + last.getString("reason", "unknown") + ", exit code "
                        + last.getInteger("exitCode", 0));
            }
        }
        if (!fine && troubles.isEmpty() && "Running".equals(status.getString("phase"))) {
            troubles.add("not ready: its readiness probe fails, or has not succeeded yet");
        }
        if (!fine && troubles.isEmpty() && "Failed".equals(status.getString("phase"))) {
            troubles.add(status.getString("reason", "Failed") + ": " + status.getString("message", ""));
        }
        return troubles;
    }

    private static JsonObject labels(JsonObject pod) {
        return object(object(pod, "metadata"), "labels");
    }

    private static JsonObject object(JsonObject of, String key) {
        return of.getJsonObject(key, new JsonObject());
    }

    private static Stream<JsonObject> list(JsonObject of, String key) {
        return of.getJsonArray(key, new JsonArray()).stream().map(JsonObject.class::cast);
    }
}
