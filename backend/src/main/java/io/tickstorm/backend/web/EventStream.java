package io.tickstorm.backend.web;

import io.tickstorm.backend.drain.Drain;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code /stream?ms=&count=}: server-sent events, the first at once and then one every {@code ms} (1..600000, by default
 * 1000), until {@code count} of them were sent (0, the default: without end), the client goes, or the server drains.
 */
final class EventStream implements Handler<RoutingContext> {
    private static final long TEN_MINUTES = 600_000;

    private final String instanceId;
    private final Drain drain;

    EventStream(String instanceId, Drain drain) {
        this.instanceId = instanceId;
        this.drain = drain;
    }

    @Override
    public void handle(RoutingContext context) {
        var millis = Query.number(context, "ms", 1000, 1, TEN_MINUTES);
        var count = Query.number(context, "count", 0, 0, Integer.MAX_VALUE);
        var response = context.response();
        response.putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .setChunked(true);
        new Subscriber(context.vertx(), response, count).start(millis);
    }

    /** One client. On the event loop of its request, but for {@link #leave}. */
    private final class Subscriber {
        private final Vertx vertx;
        private final Context loop;
        private final HttpServerResponse response;
        private final long count;
        private final Runnable leave = this::leave;
        private long timer;
        private long sent;

        Subscriber(Vertx vertx, HttpServerResponse response, long count) {
            this.vertx = vertx;
            this.loop = vertx.getOrCreateContext();
            this.response = response;
            this.count = count;
        }

        void start(long millis) {
            timer = vertx.setPeriodic(millis, due -> event());
            response.endHandler(ended -> release());
            response.closeHandler(gone -> release());
            drain.enroll(leave);
            event();
        }

        private void event() {
            // Events that the client does not read are left out rather than piled up.
            if (response.ended() || response.closed() || response.writeQueueFull()) {
                return;
            }
            sent++;
            var data = new JsonObject().put("instance_id", instanceId).put("event", sent);
            response.write("id: " + sent + "\ndata: " + data.encode() + "\n\n");
            if (sent == count) {
                end();
            }
        }

        private void leave() {
            // A timer of zero is not allowed, and a millisecond does not matter here.
            var millis = Math.max(1, drain.delay().toMillis());
            loop.runOnContext(here -> vertx.setTimer(millis, due -> end()));
        }

        private void end() {
            if (!response.ended() && !response.closed()) {
                response.end();
            }
        }

        private void release() {
            vertx.cancelTimer(timer);
            drain.forget(leave);
        }
    }
}
