package io.tickstorm.backend.web;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** {@code /bytes?n=}: so many bytes, 0 to 1 GiB, by default 1024; no faster than the client reads. */
final class Bytes implements Handler<RoutingContext> {
    private static final long GIBIBYTE = 1L << 30;
    private static final int CHUNK_BYTES = 16 * 1024;

    /** Every byte is its position modulo 251: a prime, so that a chunk lost or sent twice shifts all that follow. */
    private static final int PATTERN = 251;

    /** Any chunk of the pattern is a range of this: all its phases, and a chunk after the last. */
    private final Buffer pattern = pattern();

    @Override
    public void handle(RoutingContext context) {
        var total = Query.number(context, "n", 1024, 0, GIBIBYTE);
        var response = context.response();
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream")
                .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(total));
        write(response, 0, total);
    }

    private void write(HttpServerResponse response, long from, long total) {
        var position = from;
        while (position < total) {
            if (response.writeQueueFull()) {
                var reached = position;
                response.drainHandler(drained -> write(response, reached, total));
                return;
            }
            var length = (int) Math.min(CHUNK_BYTES, total - position);
            var phase = (int) (position % PATTERN);
            response.write(pattern.slice(phase, phase + length));
            position += length;
        }
        response.end();
    }

    private static Buffer pattern() {
        var bytes = new byte[PATTERN + CHUNK_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i % PATTERN);
        }
        return Buffer.buffer(bytes);
    }
}
