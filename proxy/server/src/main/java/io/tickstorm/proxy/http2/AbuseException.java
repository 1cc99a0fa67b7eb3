package io.tickstorm.proxy.http2;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;

/** Ends a connection for an abuse. */
final class AbuseException extends Http2Exception {
    private static final long serialVersionUID = 1;

    private final Abuse abuse;

    AbuseException(Abuse abuse) {
        super(Http2Error.ENHANCE_YOUR_CALM, abuse.words());
        this.abuse = abuse;
    }

    Abuse abuse() {
        return abuse;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
