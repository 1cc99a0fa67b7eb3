package io.tickstorm.proxy.proxyprotocol;

import java.net.InetSocketAddress;

/**
 * The connection that a proxy in front of us relays.
 *
 * @param source the client
 * @param destination where the client reached that proxy
 */
public record ProxyHeader(InetSocketAddress source, InetSocketAddress destination) {}
