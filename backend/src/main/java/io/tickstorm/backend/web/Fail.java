package io.tickstorm.backend.web;

import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.random.RandomGenerator;

/** {@code /fail?rate=&code=}: fails with that probability, 0..1, by default 0.5, and that status, 500..599, by default 503. */
final class Fail implements Handler<RoutingContext> {
    private final RandomGenerator random;

    Fail(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public void handle(RoutingContext context) {
        var rate = Query.share(context, "rate", 0.5);
        var code = (int) Query.number(context, "code", 503, 500, 599);
        // nextDouble is below 1: a rate of 1 fails always, and one of 0 never.
        var failed = random.nextDouble() < rate;
        context.response().setStatusCode(failed ? code : 200);
        context.json(new JsonObject().put("failed", failed));
    }
}
