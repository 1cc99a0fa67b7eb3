/**
 * The HTTP/1.1 codec: bytes to heads and body parts and back, under the strict grammar of RFC 9110 and RFC 9112. It knows no
 * endpoint and no socket.
 *
 * <p>A head is copied once into scratch bytes that belong to an event loop, scanned once into offsets, and assembled again from
 * those ranges with lines of our own; bodies pass as the buffers they came in. What this package lets through is spelt one way
 * only, so that no server behind us can read it in another: that is the defence against request smuggling. What it does not
 * let through is a {@link io.tickstorm.proxy.http1.Flaw}.
 *
 * <p>Trailer fields (RFC 9110 section 6.5) go on behind a chunked body: to servers always, to a client that said {@code TE: trailers},
 * which is then what we say too, and nothing else of {@code TE}. Names that mean something to whoever reads heads are dropped
 * ({@link io.tickstorm.proxy.http1.Trailers}). If {@code Connection} names a field we do not know, so are all of them: it may be one
 * that is to come. {@code Trailer} goes where they go.
 *
 * <p>Everything here is for one thread at a time.
 */
@NullMarked
package io.tickstorm.proxy.http1;

import org.jspecify.annotations.NullMarked;
