package io.tickstorm.process;

import io.vertx.core.json.JsonObject;

/** The fields of {@code /health} that every process reports. Thread-safe. */
final class StandardHealth {
    private final String instanceId;
    private final Vitals vitals = new Vitals();

    StandardHealth(String instanceId) {
        this.instanceId = instanceId;
    }

    JsonObject fields(String status) {
        return new JsonObject()
                .put("status", status)
                .put("instance_id", instanceId)
                .put("uptime_seconds", vitals.uptimeSeconds())
                .put("memory_usage_mb", vitals.memoryMebibytes())
                .put("cpu_usage_percent", vitals.cpuPercent());
    }
}
