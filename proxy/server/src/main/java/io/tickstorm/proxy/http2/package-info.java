/**
 * HTTP/2 as HTTP/1.1: a stream looks like a connection that carries one request, so that one parser judges everything and one path
 * serves both (<a href="https://www.rfc-editor.org/rfc/rfc9113">RFC 9113</a>). Frames, HPACK, streams and windows are Netty's.
 *
 * <p>Inside, a message without a length comes in chunks, trailers stand behind the last one, and a WebSocket (RFC 8441) is an upgrade.
 * Everything here is for one event loop. The decision: docs/adr/0009.
 *
 * <p>Towards clients: {@link io.tickstorm.proxy.http2.ServerCodec} reads and writes frames and ends connections that abuse them;
 * each stream has a {@link io.tickstorm.proxy.http2.ClientStream}. What HTTP/2 asks of a request beyond the grammar of HTTP/1.1
 * is judged there, all else by the parser of {@code http1}.
 */
@NullMarked
package io.tickstorm.proxy.http2;

import org.jspecify.annotations.NullMarked;
