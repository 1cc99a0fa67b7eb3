/**
 * The L7 data path: requests of clients over connections to upstreams and their answers back.
 *
 * <p>What happens to a request, in this order:
 *
 * <ol>
 *   <li><b>Admit</b> ({@link io.tickstorm.proxy.http.HttpListener}): a connection too many is closed before it costs anything.
 *   <li><b>Read the head</b> ({@code ClientConnection}): nothing is decided on a message that may mean something else to the
 *       server behind us. A deadline runs for it as a whole, since a trickle resets every other timer.
 *   <li><b>Write it anew</b> ({@link io.tickstorm.proxy.http1.RequestHead}): once, before anybody is chosen, so that all attempts
 *       send the same bytes and carry the same request id.
 *   <li><b>Request deadline</b>: around all attempts, or retries would stretch it.
 *   <li><b>Acquire</b> ({@code Exchange}): the latest moment at which nobody has seen the request, so one without an upstream
 *       waits here for one to appear.
 *   <li><b>Connect</b> or take a pooled connection ({@code UpstreamPool}): inside the lease, so that an upstream that refuses is
 *       blamed for it.
 *   <li><b>Send</b>, both ways at once and each at the pace of its receiver.
 *   <li><b>Response deadline</b>: from the end of the request, inside the lease, so that a slow upstream is blamed for it.
 *   <li><b>Retry</b> as {@link io.tickstorm.proxy.retry.RetryPolicy} says: before a byte of the answer went to the client. What
 *       its budget does not pay for yet waits, as one without an upstream does.
 *   <li><b>End the lease</b>, exactly once: everything that learns, learns from that.
 * </ol>
 *
 * <p>All objects but the listener, its counters and {@code Listening} belong to one event loop. An answer that was cut off ends
 * with a reset towards the client, never like a whole one.
 */
@NullMarked
package io.tickstorm.proxy.http;

import org.jspecify.annotations.NullMarked;
