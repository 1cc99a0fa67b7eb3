package io.tickstorm.proxy.discovery;

import java.io.IOException;

/** No name server has given an answer that can be believed, be it that the name does not exist. Without a trace: it is expected. */
final class DnsFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final boolean answered;

    DnsFailure(String reason) {
        this(reason, false);
    }

    /** @param answered whether a name server said that it cannot tell */
    DnsFailure(String reason, boolean answered) {
        super(reason);
        this.reason = reason;
        this.answered = answered;
    }

    /** For people. */
    String reason() {
        return reason;
    }

    boolean answered() {
        return answered;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
