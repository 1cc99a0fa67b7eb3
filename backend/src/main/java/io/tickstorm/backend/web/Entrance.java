package io.tickstorm.backend.web;

import io.tickstorm.backend.drain.Drain;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/** What every request passes first: who serves it is said, it is counted, and a draining server announces the close. */
final class Entrance implements Handler<RoutingContext> {
    private static final String SERVED_BY = "X-Served-By";
    private static final String LOAD_ID = "X-Load-Id";
    /** Bounds the ledger's memory; a UUID has 36. */
    private static final int MAX_ID_LENGTH = 128;

    private final String instanceId;
    private final Drain drain;
    private final PostLedger ledger;
    private final WebTotals totals;

    Entrance(String instanceId, Drain drain, PostLedger ledger, WebTotals totals) {
        this.instanceId = instanceId;
        this.drain = drain;
        this.ledger = ledger;
        this.totals = totals;
    }

    @Override
    public void handle(RoutingContext context) {
        var request = context.request();
        var response = context.response();
        response.putHeader(SERVED_BY, instanceId);
        totals.requests.increment();
        context.addEndHandler(ended -> totals.answered(response.getStatusCode()));
        // HTTP/2 has no such header: its connections learn of the end by GOAWAY.
        if (drain.begun() && request.version() != HttpVersion.HTTP_2) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        remember(request);
        context.next();
    }

    private void remember(HttpServerRequest request) {
        var id = request.getHeader(LOAD_ID);
        if (id == null || !request.method().equals(HttpMethod.POST)) {
            return;
        }
        if (id.isBlank() || id.length() > MAX_ID_LENGTH) {
            throw new BadParameter(LOAD_ID, id.length() + " characters", "1.." + MAX_ID_LENGTH);
        }
        ledger.record(id);
    }
}
