package io.tickstorm.proxy.discovery;

import java.io.IOException;

/** No name server has given an answer that can be believed, be it that the name does not exist. Without a trace: it is expected. */
final class DnsFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final String reason;

    DnsFailure(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** For people. */
    String reason() {
        return reason;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
