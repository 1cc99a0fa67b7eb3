package io.tickstorm.process;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What this process tells whoever decides on the number of replicas: {@code /autoscaling/metrics} and {@code
 * /autoscaling/recommendations} beside {@code /metrics}. Any thread.
 */
public final class Scaling {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int MOST_REPLICAS = 1_000_000;

    private final ScalingSettings settings;
    private final IntSupplier open;
    private final LongSupplier total;
    private final String instance = InstanceId.current();
    private final Vitals vitals = new Vitals();

    /**
     * @param open connections that are open
     * @param total connections since the start
     */
    public Scaling(ScalingSettings settings, IntSupplier open, LongSupplier total) {
        this.settings = settings;
        this.open = open;
        this.total = total;
    }

    void route(Router router) {
        if (!settings.enabled()) {
            router.get("/autoscaling/*")
                    .handler(context -> json(context, 404, error("switched off by AUTOSCALING_ENABLED=false")));
            return;
        }
        router.get("/autoscaling/metrics").handler(this::metrics);
        router.get("/autoscaling/recommendations").handler(this::recommend);
    }

    private void metrics(RoutingContext context) {
        var accept = context.request().getHeader(HttpHeaders.ACCEPT);
        // Prometheus may scrape this path, too, and names its formats; a person gets JSON.
        if (accept != null && accept.contains("text/plain") && !accept.contains(JSON)) {
            answer(context, 200, TEXT, exposition());
            return;
        }
        json(
                context,
                200,
                new JsonObject()
                        .put("instance_id", instance)
                        .put("uptime_seconds", vitals.uptimeSeconds())
                        .put("active_connections", open.getAsInt())
                        .put("total_connections", total.getAsLong())
                        .put("connection_utilization", utilization())
                        .put("memory_usage_mb", vitals.memoryMebibytes())
                        .put("memory_usage_percent", vitals.memoryPercent())
                        .put("cpu_usage_percent", vitals.cpuPercent())
                        .put("version", System.getenv().getOrDefault("APP_VERSION", "unknown"))
                        .put("platform", System.getProperty("os.name") + "/" + System.getProperty("os.arch")));
    }

    private void recommend(RoutingContext context) {
        var given = context.request().getParam("replicas");
        int replicas = 1;
        if (given != null) {
            try {
                replicas = Integer.parseInt(given);
            } catch (NumberFormatException e) {
                replicas = 0;
            }
            if (replicas < 1 || replicas > MOST_REPLICAS) {
                json(context, 400, error("replicas: " + given + " (expected: 1.." + MOST_REPLICAS + ")"));
                return;
            }
        }
        var load = new Recommendation.Load(open.getAsInt(), vitals.cpuPercent(), vitals.memoryPercent());
        var recommended = Recommendation.of(settings, load, replicas);
        json(
                context,
                200,
                new JsonObject()
                        .put("action", recommended.action().word())
                        .put("reason", recommended.reason())
                        .put("recommended_replicas", recommended.replicas())
                        .put("current_replicas", replicas)
                        .put("current_replicas_from", given == null ? "assumed; say ?replicas=N" : "the query")
                        .put("instance_id", instance)
                        .put("active_connections", load.connections())
                        .put("connections_per_instance", settings.connectionsPerInstance())
                        .put("connection_utilization", utilization())
                        .put("scale_up_threshold", settings.scaleUpThreshold())
                        .put("scale_down_threshold", settings.scaleDownThreshold())
                        .put("cpu_usage_percent", load.cpuPercent())
                        .put("cpu_target", settings.cpuTarget())
                        .put("memory_usage_percent", load.memoryPercent())
                        .put("memory_target", settings.memoryTarget()));
    }

    private String exposition() {
        Map<String, Number> gauges = new LinkedHashMap<>();
        gauges.put("active_connections", open.getAsInt());
        gauges.put("connection_utilization", utilization());
        gauges.put("cpu_usage_percent", vitals.cpuPercent());
        gauges.put("memory_usage_percent", vitals.memoryPercent());
        var text = new StringBuilder();
        gauges.forEach((name, value) -> text.append("# TYPE tick_storm_autoscaling_")
                .append(name)
                .append(" gauge\ntick_storm_autoscaling_")
                .append(name)
                .append(' ')
                .append(value)
                .append('\n'));
        return text.toString();
    }

    /** Part of what one instance is meant to hold, with four decimals; may be above 1. */
    private double utilization() {
        return Math.round(10_000.0 * open.getAsInt() / settings.connectionsPerInstance()) / 10_000.0;
    }

    private static JsonObject error(String text) {
        return new JsonObject().put("error", text);
    }

    private static void json(RoutingContext context, int status, JsonObject body) {
        answer(context, status, JSON, body.encodePrettily() + "\n");
    }

    private static void answer(RoutingContext context, int status, String type, String body) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(body);
    }
}
