package io.tickstorm.proxy.access;

import io.tickstorm.proxy.endpoint.FailureKind;

/** Why a request or a TCP connection ended. The set is closed; {@code docs/reference/access-log.md} documents each. */
public enum Termination {
    COMPLETE(Side.NOBODY, "all of the answer was handed to the client"),

    CLIENT_LEFT(Side.CLIENT, "the client closed or reset its connection before it had the whole answer"),
    CLIENT_TIMEOUT(Side.CLIENT, "the client took too long to send its request or to read the answer"),
    REQUEST_REFUSED(Side.CLIENT, "the request broke the protocol or a limit, and was not forwarded"),
    NO_ROUTE(Side.CLIENT, "no route of the listener fits the request"),
    RATE_LIMITED(Side.CLIENT, "the client sent more than it may"),
    ABUSED(Side.CLIENT, "the client abused HTTP/2, and its connection was closed"),
    TOO_MANY_CONNECTIONS(Side.CLIENT, "as many connections were open as the listener may have"),
    CLIENT_HELLO_REFUSED(
            Side.CLIENT, "the connection did not begin with a TLS ClientHello, which would say where it is to go"),
    PROXY_HEADER_REFUSED(Side.CLIENT, "the connection did not begin with a PROXY protocol header of a trusted proxy"),
    HANDSHAKE_FAILED(Side.CLIENT, "the client's TLS handshake failed"),

    NO_UPSTREAM(Side.PROXY, "the backend had no endpoint that could be given work"),
    QUEUE_FULL(Side.PROXY, "every upstream was at its limit and the waiting line was full"),
    QUEUE_TIMEOUT(Side.PROXY, "every upstream was at its limit for as long as a request may wait"),
    REQUEST_TIMEOUT(Side.PROXY, "the whole request took longer than requestTimeout"),
    IDLE_TIMEOUT(Side.PROXY, "nothing moved in either direction for idleTimeout"),
    NO_SOCKET(Side.PROXY, "this proxy could not open one more socket, for want of file descriptors"),
    PROXY_DRAINED(Side.PROXY, "it still ran when the proxy's drain timeout was over"),

    CONNECT_FAILED(Side.UPSTREAM, "no connection to an upstream could be made"),
    UPSTREAM_RESET(Side.UPSTREAM, "the upstream reset the connection before it answered"),
    UPSTREAM_CLOSED(Side.UPSTREAM, "the upstream closed the connection before it answered"),
    UPSTREAM_TIMEOUT(Side.UPSTREAM, "the upstream did not begin its answer in time"),
    UPSTREAM_SILENT(Side.UPSTREAM, "nothing came from the upstream, which usually answers far faster"),
    UPSTREAM_REFUSED(Side.UPSTREAM, "the upstream said that it had not begun with the request"),
    BAD_RESPONSE(Side.UPSTREAM, "the answer broke the protocol"),
    TRUNCATED(Side.UPSTREAM, "the answer had begun and broke off, so the client saw a reset");

    /** Who ended it. */
    public enum Side {
        NOBODY,
        CLIENT,
        PROXY,
        UPSTREAM
    }

    private final Side side;
    private final String words;

    Termination(Side side, String words) {
        this.side = side;
        this.words = words;
    }

    public Side side() {
        return side;
    }

    /** The same for a person: completes "it ended because". */
    public String words() {
        return words;
    }

    /** The end of a request whose last attempt failed so, before an answer had begun. */
    public static Termination of(FailureKind failure) {
        return switch (failure) {
            case CONNECT_REFUSED, CONNECT_TIMEOUT, CONNECT_FAILED, TLS_FAILED -> CONNECT_FAILED;
            case RESET -> UPSTREAM_RESET;
            case CLOSED_EARLY -> UPSTREAM_CLOSED;
            case TIMEOUT -> UPSTREAM_TIMEOUT;
            case SILENT -> UPSTREAM_SILENT;
            case NOT_PROCESSED -> UPSTREAM_REFUSED;
            case BAD_RESPONSE -> BAD_RESPONSE;
            // Such an answer goes to the client as it is.
            case STATUS_5XX -> COMPLETE;
        };
    }
}
