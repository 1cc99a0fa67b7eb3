/**
 * The PROXY protocol, versions 1 and 2, both ways: who the client is, said by a proxy before anything else on a connection
 * (HAProxy, doc/proxy-protocol.txt). It knows no listener and no endpoint.
 *
 * <p>The parser is our own: Netty's (netty-codec-haproxy) hands on addresses without the bytes they came in, so a checksum could
 * not be verified, and it takes what the grammar does not: a sign or leading zeroes before numbers, IPv6 addresses in brackets or
 * with a zone, a blank at the end of the line. A header is trusted like a signature; it has to be judged as strictly.
 */
@NullMarked
package io.tickstorm.proxy.proxyprotocol;

import org.jspecify.annotations.NullMarked;
