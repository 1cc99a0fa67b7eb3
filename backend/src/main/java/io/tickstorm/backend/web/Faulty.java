package io.tickstorm.backend.web;

import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.random.RandomGenerator;

/** A version with a bug: so many percent of the requests, whatever they ask for, are answered with 500. */
final class Faulty implements Handler<RoutingContext> {
    private static final int ALL = 100;

    private final RandomGenerator random;
    private final int percent;

    /** @param percent 0..100 */
    Faulty(RandomGenerator random, int percent) {
        this.random = random;
        this.percent = percent;
    }

    @Override
    public void handle(RoutingContext context) {
        if (random.nextInt(ALL) < percent) {
            context.response().setStatusCode(500);
            context.json(new JsonObject().put("error", "this version fails " + percent + " % of its requests"));
        } else {
            context.next();
        }
    }
}
