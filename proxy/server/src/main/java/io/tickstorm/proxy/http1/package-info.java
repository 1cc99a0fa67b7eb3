/**
 * The HTTP/1.1 codec: bytes to heads and body parts and back, under the strict grammar of RFC 9110 and RFC 9112. It knows no
 * endpoint and no socket.
 *
 * <p>A head is copied once into scratch bytes that belong to an event loop, scanned once into offsets, and assembled again from
 * those ranges with lines of our own; bodies pass as the buffers they came in. What this package lets through is spelt one way
 * only, so that no server behind us can read it in another: that is the defence against request smuggling. What it does not
 * let through is a {@link io.tickstorm.proxy.http1.Flaw}.
 *
 * <p>Trailer fields are checked and dropped (RFC 9110 section 6.5.1 lets an intermediary do so), hence {@code TE} and
 * {@code Trailer} go too. Everything here is for one thread at a time.
 */
@NullMarked
package io.tickstorm.proxy.http1;

import org.jspecify.annotations.NullMarked;
