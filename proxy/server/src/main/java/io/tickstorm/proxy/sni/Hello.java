package io.tickstorm.proxy.sni;

import org.jspecify.annotations.Nullable;

/** What the bytes that a connection began with come to. */
sealed interface Hello {
    /** A ClientHello so far, but not a whole one. */
    record Incomplete() implements Hello {
        static final Incomplete INSTANCE = new Incomplete();
    }

    /** @param serverName in lower case; null if the client asks for none */
    record Whole(@Nullable String serverName) implements Hello {}

    /** None. */
    record Refused(HelloFault fault) implements Hello {
        static final Refused ABSENT = new Refused(HelloFault.ABSENT);
        static final Refused MALFORMED = new Refused(HelloFault.MALFORMED);
        static final Refused TOO_LONG = new Refused(HelloFault.TOO_LONG);
    }
}
