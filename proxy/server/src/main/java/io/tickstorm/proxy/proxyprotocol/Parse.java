package io.tickstorm.proxy.proxyprotocol;

import org.jspecify.annotations.Nullable;

/** What the bytes that a connection began with come to. */
sealed interface Parse {
    /** A header so far, but not a whole one. */
    record Incomplete() implements Parse {
        static final Incomplete INSTANCE = new Incomplete();
    }

    /**
     * A header.
     *
     * @param length how many bytes it has
     * @param addresses null if it leaves the socket's in force: LOCAL, UNKNOWN, and what has no IP addresses
     */
    record Whole(int length, @Nullable ProxyHeader addresses) implements Parse {}

    /** Nothing that may pass. */
    record Refused(HeaderFault fault) implements Parse {
        static final Refused ABSENT = new Refused(HeaderFault.ABSENT);
        static final Refused MALFORMED = new Refused(HeaderFault.MALFORMED);
        static final Refused TOO_LONG = new Refused(HeaderFault.TOO_LONG);
        static final Refused CHECKSUM = new Refused(HeaderFault.CHECKSUM);
    }
}
