package io.tickstorm.proxy.proxyprotocol;

import io.netty.channel.socket.SocketChannel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the ends of a client's connection: as a trusted proxy has said, otherwise as the socket says. For the event loop of
 * the channel, while it is connected.
 */
public final class Addresses {
    static final AttributeKey<ProxyHeader> HEADER = AttributeKey.valueOf(Addresses.class, "header");

    private Addresses() {}

    /** The client; null if the connection has gone already. */
    public static @Nullable InetSocketAddress source(SocketChannel channel) {
        var header = header(channel);
        return header == null ? channel.remoteAddress() : header.source();
    }

    /** Where the client connected to; null if the connection has gone already. */
    public static @Nullable InetSocketAddress destination(SocketChannel channel) {
        var header = header(channel);
        return header == null ? channel.localAddress() : header.destination();
    }

    private static @Nullable ProxyHeader header(SocketChannel channel) {
        return channel.hasAttr(HEADER) ? channel.attr(HEADER).get() : null;
    }
}
