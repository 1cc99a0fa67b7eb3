package io.tickstorm.operator.metricsapi;

import io.tickstorm.operator.desired.Autoscalers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * What a caller is told: always JSON, whatever other forms it would take.
 *
 * @param status of HTTP
 */
record Reply(int status, JsonObject body) {
    private static final int OK = 200;
    private static final String PREFERRED = Question.VERSIONS.getLast();

    static Reply group() {
        var versions = new JsonArray();
        Question.VERSIONS.reversed().forEach(version -> versions.add(version(version)));
        return new Reply(
                OK,
                new JsonObject()
                        .put("kind", "APIGroup")
                        .put("apiVersion", "v1")
                        .put("name", Question.GROUP)
                        .put("versions", versions)
                        .put("preferredVersion", version(PREFERRED)));
    }

    static Reply resources(String version) {
        var connections = new JsonObject()
                .put("name", "pods/" + Autoscalers.CONNECTIONS)
                .put("singularName", "")
                .put("namespaced", true)
                .put("kind", "MetricValueList")
                .put("verbs", new JsonArray().add("get"));
        return new Reply(
                OK,
                new JsonObject()
                        .put("kind", "APIResourceList")
                        .put("apiVersion", "v1")
                        .put("groupVersion", Question.GROUP + "/" + version)
                        .put("resources", new JsonArray().add(connections)));
    }

    /** Nothing that the API server would have to merge into its own: who still asks for OpenAPI 2 asks for schemas, and there are none to write by. */
    static Reply documentation() {
        return new Reply(OK, info(new JsonObject().put("swagger", "2.0")).put("paths", new JsonObject()));
    }

    /** Where the descriptions of the versions are. The API server complains where there are none. */
    static Reply descriptions() {
        var paths = new JsonObject();
        Question.VERSIONS.forEach(version -> paths.put(
                "apis/" + Question.GROUP + "/" + version,
                new JsonObject().put("serverRelativeURL", Question.description(version))));
        return new Reply(OK, new JsonObject().put("paths", paths));
    }

    static Reply description(String version) {
        var get = new JsonObject()
                .put("description", "Connections of pods: of one, or with the name * of all that labelSelector picks.")
                .put(
                        "parameters",
                        new JsonArray()
                                .add(parameter("path", "namespace"))
                                .add(parameter("path", "name"))
                                .add(parameter("query", "labelSelector")))
                .put(
                        "responses",
                        new JsonObject().put("200", new JsonObject().put("description", "A MetricValueList.")));
        return new Reply(
                OK,
                info(new JsonObject().put("openapi", "3.0.0"))
                        .put(
                                "paths",
                                new JsonObject()
                                        .put(
                                                "/apis/" + Question.GROUP + "/" + version
                                                        + "/namespaces/{namespace}/pods/{name}/"
                                                        + Autoscalers.CONNECTIONS,
                                                new JsonObject().put("get", get))));
    }

    private static JsonObject info(JsonObject document) {
        return document.put(
                "info", new JsonObject().put("title", Question.GROUP).put("version", PREFERRED));
    }

    private static JsonObject parameter(String in, String name) {
        return new JsonObject()
                .put("in", in)
                .put("name", name)
                .put("required", in.equals("path"))
                .put("schema", new JsonObject().put("type", "string"));
    }

    /**
     * Connections of pods.
     *
     * @param values by the name of the pod
     */
    static Reply values(String version, String namespace, Map<String, Long> values, Instant at) {
        var items = new JsonArray();
        values.forEach((pod, value) -> items.add(item(version, namespace, pod, value, at)));
        return new Reply(
                OK,
                new JsonObject()
                        .put("kind", "MetricValueList")
                        .put("apiVersion", Question.GROUP + "/" + version)
                        .put("metadata", new JsonObject())
                        .put("items", items));
    }

    /** A refusal in the API server's own form. */
    static Reply failure(int status, String reason, String message) {
        return new Reply(
                status,
                new JsonObject()
                        .put("kind", "Status")
                        .put("apiVersion", "v1")
                        .put("metadata", new JsonObject())
                        .put("status", "Failure")
                        .put("message", message)
                        .put("reason", reason)
                        .put("code", status));
    }

    private static JsonObject version(String version) {
        return new JsonObject()
                .put("groupVersion", Question.GROUP + "/" + version)
                .put("version", version);
    }

    private static JsonObject item(String version, String namespace, String pod, long value, Instant at) {
        var item = new JsonObject()
                .put(
                        "describedObject",
                        new JsonObject()
                                .put("kind", "Pod")
                                .put("namespace", namespace)
                                .put("name", pod)
                                .put("apiVersion", "v1"))
                .put("timestamp", at.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("value", String.valueOf(value));
        if (version.equals(PREFERRED)) {
            return item.put(
                            "metric",
                            new JsonObject()
                                    .put("name", Autoscalers.CONNECTIONS)
                                    .putNull("selector"))
                    .put("windowSeconds", 0);
        }
        return item.put("metricName", Autoscalers.CONNECTIONS).put("window", 0).putNull("selector");
    }
}
