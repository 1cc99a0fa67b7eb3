package io.tickstorm.proxy.endpoint;

/** How an attempt on an upstream failed. */
public enum FailureKind {
    /** Nobody listens there: the process is gone or not up yet. */
    CONNECT_REFUSED,
    /** No connection within the connect timeout. */
    CONNECT_TIMEOUT,
    /** No connection for another reason: no route, unknown host. */
    CONNECT_FAILED,
    /** There was a connection, but no TLS on it: its certificate is not trusted or for another name, or it speaks none. */
    TLS_FAILED,
    /** The connection was reset. */
    RESET,
    /** The connection was closed before the answer was complete. */
    CLOSED_EARLY,
    /** The answer did not come in time. */
    TIMEOUT,
    /** Nothing came while its upstream, which usually answers far faster, was silent. */
    SILENT,
    /** The server said that it has not begun with the request. */
    NOT_PROCESSED,
    /** The answer broke the protocol. */
    BAD_RESPONSE,
    /** The answer said that the server failed. */
    STATUS_5XX;

    /** Whether there never was a connection that could be used, so that nothing can have been sent. */
    public boolean connecting() {
        return this == CONNECT_REFUSED || this == CONNECT_TIMEOUT || this == CONNECT_FAILED || this == TLS_FAILED;
    }
}
