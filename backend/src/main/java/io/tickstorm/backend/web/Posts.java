package io.tickstorm.backend.web;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Iterator;

/**
 * {@code GET /posts}: how many POSTs came with an id, and which ids more than once; {@code ?list=true} gives every
 * remembered id as a line {@code <count> <id>}.
 */
final class Posts implements Handler<RoutingContext> {
    /** More than these are a broken balancer; the list has them all. */
    private static final int SHOWN_REPEATED = 1000;

    private final PostLedger ledger;
    private final String instanceId;

    Posts(PostLedger ledger, String instanceId) {
        this.ledger = ledger;
        this.instanceId = instanceId;
    }

    @Override
    public void handle(RoutingContext context) {
        if (Query.flag(context, "list")) {
            list(context.response());
        } else {
            summary(context);
        }
    }

    private void summary(RoutingContext context) {
        var repeated = new JsonObject();
        ledger.repeated().limit(SHOWN_REPEATED).forEach(entry -> repeated.put(entry.id(), entry.count()));
        context.json(new JsonObject()
                .put("instance_id", instanceId)
                .put("posts", ledger.posts())
                .put("ids", ledger.ids())
                .put("forgotten", ledger.forgotten())
                .put("repeated_ids", ledger.repeated().count())
                .put("repeated", repeated));
    }

    private void list(HttpServerResponse response) {
        response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .setChunked(true);
        write(response, ledger.entries().iterator());
    }

    private static void write(HttpServerResponse response, Iterator<PostLedger.Entry> entries) {
        while (entries.hasNext() && !response.writeQueueFull()) {
            response.write(lines(entries));
        }
        if (entries.hasNext()) {
            response.drainHandler(drained -> write(response, entries));
        } else {
            response.end();
        }
    }

    /** A few hundred lines in one piece: one write per id would be mostly overhead. */
    private static String lines(Iterator<PostLedger.Entry> entries) {
        var lines = new StringBuilder(16 * 1024);
        for (int i = 0; i < 256 && entries.hasNext(); i++) {
            var entry = entries.next();
            lines.append(entry.count()).append(' ').append(entry.id()).append('\n');
        }
        return lines.toString();
    }
}
