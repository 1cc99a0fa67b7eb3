package io.tickstorm.proxy.tls;

import javax.net.ssl.SSLException;

/** A connection ended without close_notify: what came may be only a part. Without a stack trace, since it is no bug. */
public final class TruncatedException extends SSLException {
    private static final long serialVersionUID = 1;

    TruncatedException() {
        super("the connection ended without close_notify");
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
