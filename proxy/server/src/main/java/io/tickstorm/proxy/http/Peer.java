package io.tickstorm.proxy.http;

import io.netty.channel.Channel;
import io.tickstorm.proxy.admission.Client;
import io.tickstorm.proxy.balance.HashKey;
import io.tickstorm.proxy.http1.Via;
import io.tickstorm.proxy.proxyprotocol.Addresses;
import java.net.InetSocketAddress;

/**
 * Who is at the other end of a client's connection.
 *
 * @param host its IP address as text, without a zone
 * @param port its port
 * @param key what it hashes to
 * @param client whose limits it has
 * @param via what the server behind us is told about it
 * @param source the same as an address
 * @param destination where it has reached us, or a proxy in front of us
 */
record Peer(
        String host,
        int port,
        long key,
        Client client,
        Via via,
        InetSocketAddress source,
        InetSocketAddress destination) {
    /** @param channel a connected socket: streams of one share it */
    static Peer of(Channel channel, Client client) {
        return of(channel, client, "1.1");
    }

    /** @param version of HTTP in which the client speaks, as {@code Via} has it */
    static Peer of(Channel channel, Client client, String version) {
        var source = Addresses.source(channel);
        var destination = Addresses.destination(channel);
        var host = host(source);
        return new Peer(
                host,
                source.getPort(),
                HashKey.of(source.getAddress()),
                client,
                new Via(host, "http", authority(destination), version),
                source,
                destination);
    }

    /** {@code host:port} */
    String address() {
        return authority(host, port);
    }

    private static String host(InetSocketAddress address) {
        var text = address.getAddress().getHostAddress();
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
