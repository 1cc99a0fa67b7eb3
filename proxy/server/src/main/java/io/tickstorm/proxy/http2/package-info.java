/**
 * HTTP/2 as HTTP/1.1: a stream looks like a connection that carries one request, so that one parser judges everything and one path
 * serves both (<a href="https://www.rfc-editor.org/rfc/rfc9113">RFC 9113</a>). Frames, HPACK, streams and windows are Netty's.
 *
 * <p>Inside, a message without a length comes in chunks, trailers stand behind the last one, and a WebSocket (RFC 8441) is an upgrade.
 * Everything here is for one event loop.
 */
@NullMarked
package io.tickstorm.proxy.http2;

import org.jspecify.annotations.NullMarked;
