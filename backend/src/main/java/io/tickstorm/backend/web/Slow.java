package io.tickstorm.backend.web;

import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code /slow?ms=}: answers after so many milliseconds, 0..600000, by default 1000. */
final class Slow implements Handler<RoutingContext> {
    private static final long TEN_MINUTES = 600_000;

    @Override
    public void handle(RoutingContext context) {
        var millis = Query.number(context, "ms", 1000, 0, TEN_MINUTES);
        var answer = new JsonObject().put("waited_ms", millis);
        if (millis == 0) {
            context.json(answer);
            return;
        }
        var vertx = context.vertx();
        var timer = vertx.setTimer(millis, late -> context.json(answer));
        context.response().closeHandler(gone -> vertx.cancelTimer(timer));
    }
}
