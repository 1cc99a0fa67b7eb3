package io.tickstorm.proxy.admin;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** A browser that looks, over one connection. */
final class LivePage implements Live.Page {
    /** A browser that has lost us asks again so many milliseconds later. */
    private static final String RETRY = "retry: 1000\n\n";

    private final HttpServerResponse response;
    private final Context loop;

    private LivePage(HttpServerResponse response, Context loop) {
        this.response = response;
        this.loop = loop;
    }

    /**
     * Begins to tell it. On its event loop.
     *
     * @throws Refusal if as many look as may
     */
    static void open(RoutingContext asked, Vertx vertx, Live live) {
        var response = asked.response();
        var page = new LivePage(response, vertx.getOrCreateContext());
        if (!live.add(page)) {
            throw new Refusal(
                    Refusal.UNAVAILABLE, "pages: " + Live.MOST_PAGES + " are open (expected: fewer; close one)");
        }
        // What it is sent is written by this event loop too, so after this.
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .write(RETRY);
        response.closeHandler(closed -> live.remove(page));
        response.exceptionHandler(failure -> live.remove(page));
    }

    @Override
    public boolean full() {
        return response.writeQueueFull();
    }

    @Override
    public void send(Buffer event) {
        loop.runOnContext(now -> {
            if (!response.ended() && !response.closed()) {
                response.write(event);
            }
        });
    }

    @Override
    public void close() {
        loop.runOnContext(now -> {
            if (!response.ended() && !response.closed()) {
                response.end();
            }
        });
    }
}
