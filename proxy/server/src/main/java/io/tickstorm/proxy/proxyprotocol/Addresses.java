package io.tickstorm.proxy.proxyprotocol;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the ends of a client's connection: as a trusted proxy has said, otherwise as the socket says. For the channel of that
 * socket, on its event loop. The channel must have told both addresses of its socket before; then they stay known, even when
 * the connection has gone.
 */
public final class Addresses {
    static final AttributeKey<ProxyHeader> HEADER = AttributeKey.valueOf(Addresses.class, "header");

    private Addresses() {}

    /** The client. */
    public static InetSocketAddress source(Channel channel) {
        var header = header(channel);
        return header == null ? (InetSocketAddress) channel.remoteAddress() : header.source();
    }

    /** Where the client connected to. */
    public static InetSocketAddress destination(Channel channel) {
        var header = header(channel);
        return header == null ? (InetSocketAddress) channel.localAddress() : header.destination();
    }

    private static @Nullable ProxyHeader header(Channel channel) {
        return channel.hasAttr(HEADER) ? channel.attr(HEADER).get() : null;
    }
}
