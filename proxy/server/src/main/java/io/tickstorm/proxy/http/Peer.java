package io.tickstorm.proxy.http;

import io.netty.channel.Channel;
import io.tickstorm.proxy.admission.Client;
import io.tickstorm.proxy.balance.HashKey;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.http1.Via;
import io.tickstorm.proxy.listener.ForwardedSettings;
import io.tickstorm.proxy.proxyprotocol.Addresses;
import io.tickstorm.proxy.tls.ServerTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a client's connection.
 *
 * @param host its IP address as text, without a zone
 * @param port its port; 0 = not known
 * @param key what it hashes to
 * @param client whose limits it has
 * @param via what the server behind us is told about it
 * @param source the connection's own address
 * @param destination where it has reached us, or a proxy in front of us
 * @param believed in what it says of where its requests come from; null = it is not
 */
record Peer(
        String host,
        int port,
        long key,
        Client client,
        Via via,
        InetSocketAddress source,
        InetSocketAddress destination,
        @Nullable ForwardedSettings believed) {
    /**
     * @param channel a connected socket: streams of one share it
     * @param forwarded who is believed
     * @param version of HTTP, as in {@code Via}
     */
    static Peer of(Channel channel, Client client, ForwardedSettings forwarded, String version) {
        var source = Addresses.source(channel);
        var destination = Addresses.destination(channel);
        var host = host(source);
        return new Peer(
                host,
                source.getPort(),
                HashKey.of(source.getAddress()),
                client,
                new Via(
                        forwarded.header(),
                        host,
                        ServerTls.secure(channel) ? "https" : "http",
                        version,
                        authority(destination),
                        ServerTls.clientCertificate(channel)),
                source,
                destination,
                forwarded.trusts(source.getAddress()) ? forwarded : null);
    }

    /** Who asks for this: itself, or the one for whom it says it asks, if it is believed. */
    Peer asking(RequestHead head) {
        if (believed == null) {
            return this;
        }
        var origin = head.origin(believed, client.address());
        var from = origin.client();
        return new Peer(
                text(from),
                from.equals(client.address()) ? port : 0,
                HashKey.of(from),
                Client.of(from),
                via.behind(origin),
                source,
                destination,
                null);
    }

    /** {@code host:port}; the host alone if that is all that was said. */
    String address() {
        return port == 0 ? host : authority(host, port);
    }

    private static String host(InetSocketAddress address) {
        return text(address.getAddress());
    }

    private static String text(InetAddress address) {
        var text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    static String authority(InetSocketAddress address) {
        return authority(host(address), address.getPort());
    }

    private static String authority(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
