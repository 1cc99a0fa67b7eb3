package io.tickstorm.proxy.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Answers of the admin port. All errors have one form: {@code {"error": "what: value (expected: …)"}}. */
final class Replies {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String YAML = "application/yaml";
    private static final int OK = 200;

    private Replies() {}

    /** Whether the client asked for JSON where text is usual. */
    static boolean wantsJson(RoutingContext context) {
        var accept = context.request().getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains(JSON);
    }

    static void json(RoutingContext context, JsonObject body) {
        reply(context, OK, JSON, body.encodePrettily() + "\n");
    }

    static void text(RoutingContext context, String body) {
        reply(context, OK, TEXT, body);
    }

    static void yaml(RoutingContext context, String body) {
        reply(context, OK, YAML, body);
    }

    static void error(RoutingContext context, int status, String message) {
        if (status == Refusal.UNAUTHORIZED) {
            context.response().putHeader("WWW-Authenticate", "Bearer");
        }
        reply(context, status, JSON, new JsonObject().put("error", message).encodePrettily() + "\n");
    }

    private static void reply(RoutingContext context, int status, String type, String body) {
        var response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                // What is told here holds texts that clients have chosen: no browser shall take it for a page.
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(body);
    }
}
