package io.tickstorm.proxy.tls;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log and the counters of a listener how one handshake ended. On the event loop of its connection. */
final class Handshakes {
    private static final Logger log = LoggerFactory.getLogger(Handshakes.class);

    private final String listener;
    private final HandshakeCounters counters;
    private boolean told;

    Handshakes(String listener, HandshakeCounters counters) {
        this.listener = listener;
        this.counters = counters;
    }

    void done(SslHandler handler) {
        told = true;
        counters.done(Resumed.is(handler.engine()));
    }

    void failed(Channel channel, Throwable cause) {
        failed(channel, HandshakeFailure.of(cause), Reasons.of(cause));
    }

    void failed(Channel channel, HandshakeFailure reason, String detail) {
        if (!told) {
            told = true;
            counters.failed(reason);
            log.debug("{}: {}: {} ({})", listener, channel.remoteAddress(), reason.words(), detail);
        }
    }
}
