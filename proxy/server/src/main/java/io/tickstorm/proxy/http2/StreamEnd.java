package io.tickstorm.proxy.http2;

/** How a stream to an upstream ends, beside its plain end; a user event of its pipeline, which its end follows. */
public enum StreamEnd {
    /** The upstream goes away and has not begun with the request: GOAWAY below our stream, RFC 9113 section 6.8. */
    WENT_AWAY,
    /** The upstream has refused the stream before doing anything: REFUSED_STREAM, RFC 9113 section 8.7. */
    REFUSED,
    /** The upstream has reset the stream. */
    RESET,
    /** The answer breaks the protocol; we reset the stream. */
    MALFORMED
}
