package io.tickstorm.backend.web;

import io.tickstorm.backend.drain.Drain;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** What all event loops serve: the endpoints, and the state they share. Thread-safe. */
public final class Site {
    /** Ids that the ledger remembers: 150 s of a load test of 1,300 POSTs a second, some 30 MiB when full. */
    private static final int LEDGER_CAPACITY = 200_000;

    private final String instanceId;
    private final String pod;
    private final Drain drain;
    private final WebTotals totals;
    private final RandomGenerator random;
    private final int failPercent;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private final PostLedger ledger;

    /**
     * @param pod the name of the pod, or of the host
     * @param random used from any thread
     * @param failPercent how many percent of the requests fail, 0..100
     * @param nanoClock as {@link System#nanoTime}
     * @param postJournal is told the id of each POST that has one, on an event loop
     */
    public Site(
            String instanceId,
            String pod,
            Drain drain,
            WebTotals totals,
            RandomGenerator random,
            int failPercent,
            LongSupplier nanoClock,
            Consumer<String> postJournal) {
        this.instanceId = instanceId;
        this.pod = pod;
        this.drain = drain;
        this.totals = totals;
        this.random = random;
        this.failPercent = failPercent;
        this.nanoClock = nanoClock;
        this.ledger = new PostLedger(LEDGER_CAPACITY, postJournal);
        this.startNanos = nanoClock.getAsLong();
    }

    WebTotals totals() {
        return totals;
    }

    Router router(Vertx vertx) {
        var router = Router.router(vertx);
        router.route().handler(new Entrance(instanceId, drain, ledger, totals));
        if (failPercent > 0) {
            router.route().handler(new Faulty(random, failPercent));
        }
        router.route("/").handler(this::about);
        router.route("/status").handler(this::status);
        router.route("/echo").handler(new Echo());
        router.route("/slow").handler(new Slow());
        router.route("/fail").handler(new Fail(random));
        router.route("/bytes").handler(new Bytes());
        router.route("/stream").handler(new EventStream(instanceId, drain));
        router.route("/ws").handler(new SocketEcho(drain, totals));
        router.get("/posts").handler(new Posts(ledger, instanceId));
        router.route().failureHandler(Site::failed);
        router.errorHandler(404, context -> answer(context.response().setStatusCode(404), "no such path"));
        return router;
    }

    private void about(RoutingContext context) {
        context.json(
                new JsonObject().put("instance_id", instanceId).put("pod", pod).put("requests", totals.requests()));
    }

    private void status(RoutingContext context) {
        context.json(new JsonObject()
                .put("status", drain.begun() ? "draining" : "serving")
                .put("instance_id", instanceId)
                .put(
                        "uptime_seconds",
                        Duration.ofNanos(nanoClock.getAsLong() - startNanos).toSeconds())
                .put("requests", totals.requests())
                .put("active_connections", totals.active())
                .put("total_connections", totals.accepted()));
    }

    private static void failed(RoutingContext context) {
        if (context.failure() instanceof BadParameter bad) {
            answer(context.response().setStatusCode(400), String.valueOf(bad.getMessage()));
        } else {
            context.next();
        }
    }

    private static void answer(HttpServerResponse response, String error) {
        response.putHeader("Content-Type", "application/json")
                .end(new JsonObject().put("error", error).toBuffer());
    }
}
