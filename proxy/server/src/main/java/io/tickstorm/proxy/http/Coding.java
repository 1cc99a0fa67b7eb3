package io.tickstorm.proxy.http;

import io.tickstorm.proxy.gzip.Compression;
import io.tickstorm.proxy.gzip.Gzip;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.http1.ResponseHead;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * In which coding a client gets an answer: as it came, or in gzip. For one event loop.
 *
 * @param compression of the listener
 * @param accepted whether the client takes gzip
 */
record Coding(Compression compression, boolean accepted) {
    private static final byte[] NOTHING = {};
    private static final byte[] VARY = "vary: accept-encoding\r\n".getBytes(StandardCharsets.US_ASCII);

    /** @return null if answers to this request are sent as they come */
    static @Nullable Coding of(RequestHead request, @Nullable Compression compression) {
        if (compression == null || request.head() || request.http10()) {
            return null; // a body whose length is not known cannot be framed for HTTP/1.0 without closing
        }
        return new Coding(compression, Compression.accepted(request.field("accept-encoding")));
    }

    /** What takes the body of an answer with this head; null if it goes as it came. */
    @Nullable
    Gzip gzip(ResponseHead head, Worker worker) {
        boolean body = head.status() >= 200 && head.status() != 204 && head.status() != 304;
        return accepted && body && compression.concerns(head) && compression.worthwhile(head)
                ? new Gzip(worker.deflaters(), compression.level())
                : null;
    }

    /** Field lines that we add. */
    byte[] lines(ResponseHead head, boolean gzip) {
        if (gzip) {
            var tag = head.recoded();
            var lines = "content-encoding: gzip\r\n" + (head.variesByEncoding() ? "" : "vary: accept-encoding\r\n")
                    + (tag == null ? "" : "etag: " + tag + "\r\n");
            return lines.getBytes(StandardCharsets.ISO_8859_1);
        }
        return compression.concerns(head) && !head.variesByEncoding() ? VARY : NOTHING;
    }
}
