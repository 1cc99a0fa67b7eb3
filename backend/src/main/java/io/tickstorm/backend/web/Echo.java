package io.tickstorm.backend.web;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code /echo}: gives back what arrived here. A body comes back as it is, streamed, with method and request headers as
 * {@code X-Echo-Method} and {@code X-Echo-<Name>}; a request without a body is described as JSON as well.
 */
final class Echo implements Handler<RoutingContext> {
    private static final String PREFIX = "X-Echo-";

    @Override
    public void handle(RoutingContext context) {
        var request = context.request();
        var response = context.response();
        response.putHeader(PREFIX + "Method", request.method().name());
        request.headers().forEach((name, value) -> response.headers().add(PREFIX + name, value));
        if (hasBody(request)) {
            body(request, response);
        } else {
            context.json(description(request));
        }
    }

    private static void body(HttpServerRequest request, HttpServerResponse response) {
        var type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        response.putHeader(HttpHeaders.CONTENT_TYPE, type == null ? "application/octet-stream" : type);
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            response.setChunked(true);
        } else {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, length);
        }
        // A body that breaks off must not look complete: the connection goes with it.
        request.pipeTo(response).onFailure(broken -> request.connection().close());
    }

    private static JsonObject description(HttpServerRequest request) {
        var headers = new JsonObject();
        for (var name : request.headers().names()) {
            headers.put(name, new JsonArray(request.headers().getAll(name)));
        }
        return new JsonObject()
                .put("method", request.method().name())
                .put("uri", request.uri())
                .put("headers", headers);
    }

    private static boolean hasBody(HttpServerRequest request) {
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && !length.equals("0") || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }
}
