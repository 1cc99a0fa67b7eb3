package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tickstorm.proxy.http1.Flaw;
import java.nio.charset.StandardCharsets;

/**
 * An answer of our own. It usually closes the connection: after a refused request nobody knows where the next one would begin,
 * and after a failure a client does best to start afresh.
 *
 * @param status what we answer
 * @param phrase its reason phrase
 * @param fields field lines beyond the usual, each with its line end
 * @param reason what happened, for whoever reads the body; ASCII
 */
record Answer(int status, String phrase, String fields, String reason) {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    static final Answer OPTIONS = new Answer(200, "OK", "allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n", "");
    static final Answer REQUEST_TIMEOUT =
            new Answer(408, "Request Timeout", "", "the request did not come within the time allowed for it");
    static final Answer GATEWAY_TIMEOUT =
            new Answer(504, "Gateway Timeout", "", "the server did not answer within the time allowed for it");
    /** One second: the pace at which endpoints come and go. */
    static final Answer UNAVAILABLE = new Answer(
            503, "Service Unavailable", "retry-after: 1\r\n", "no server is there, and none appeared in time");

    static final Answer BUSY = new Answer(
            503, "Service Unavailable", "retry-after: 1\r\n", "all servers are busy, and none became free in time");
    static final Answer LINE_FULL = new Answer(
            503, "Service Unavailable", "retry-after: 1\r\n", "all servers are busy, and as many wait as may");

    static final Answer NO_ROUTE = new Answer(404, "Not Found", "", "no route leads from this host and path");

    static Answer of(Flaw flaw) {
        return switch (flaw.status()) {
            case 405 -> new Answer(405, "Method Not Allowed", OPTIONS.fields(), flaw.reason());
            case 414 -> new Answer(414, "URI Too Long", "", flaw.reason());
            case 417 -> new Answer(417, "Expectation Failed", "", flaw.reason());
            case 431 -> new Answer(431, "Request Header Fields Too Large", "", flaw.reason());
            case 501 -> new Answer(501, "Not Implemented", "", flaw.reason());
            case 505 -> new Answer(505, "HTTP Version Not Supported", "", flaw.reason());
            default -> new Answer(400, "Bad Request", "", flaw.reason());
        };
    }

    /** @param nanos until the client may send its next request, over zero */
    static Answer tooManyRequests(long nanos) {
        // Retry-After counts in whole seconds, RFC 9110 section 10.2.3; rounded up, for earlier would be too early.
        long seconds = Math.ceilDiv(nanos, NANOS_PER_SECOND);
        return new Answer(
                429,
                "Too Many Requests",
                "retry-after: " + seconds + "\r\n",
                "this client sends more requests than it may");
    }

    static Answer badGateway(String reason) {
        return new Answer(502, "Bad Gateway", "", reason);
    }

    /**
     * @param head whether the request was HEAD, so that no body follows
     * @param closes whether the connection ends with it
     */
    ByteBuf write(ByteBufAllocator allocator, byte[] dateLine, boolean head, boolean closes) {
        var body = reason.isEmpty() ? "" : status + " " + phrase + ": " + reason + "\n";
        var start = "HTTP/1.1 " + status + " " + phrase + "\r\n" + fields
                + (body.isEmpty() ? "" : "content-type: text/plain; charset=us-ascii\r\n") + "content-length: "
                + body.length() + (closes ? "\r\nconnection: close\r\n" : "\r\n");
        var out = allocator.directBuffer(start.length() + dateLine.length + 2 + body.length());
        out.writeCharSequence(start, StandardCharsets.US_ASCII);
        out.writeBytes(dateLine);
        out.writeCharSequence(head ? "\r\n" : "\r\n" + body, StandardCharsets.US_ASCII);
        return out;
    }
}
