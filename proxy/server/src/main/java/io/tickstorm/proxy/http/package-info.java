/**
 * The L7 data path: requests of clients over connections to upstreams and their answers back.
 *
 * <p>What happens to a request, in this order:
 *
 * <ol>
 *   <li><b>Admit</b> ({@link io.tickstorm.proxy.http.HttpListener}): a connection too many is closed before it costs anything.
 *   <li><b>Read the head</b> ({@code ClientConnection}): nothing is decided on a message that may mean something else to the
 *       server behind us. A deadline runs for it as a whole, since a trickle resets every other timer.
 *   <li><b>Ask what the client may</b>: one over its rate gets 429 before anything is done for it.
 *   <li><b>Write it anew</b> ({@link io.tickstorm.proxy.http1.RequestHead}): once, before anybody is chosen, so that all attempts
 *       send the same bytes and carry the same request id.
 *   <li><b>Request deadline</b>: around all attempts, or retries would stretch it.
 *   <li><b>Pick a backend and read where the request belongs</b> ({@code Affinities}): now, since the head is scratch.
 *   <li><b>Acquire</b> ({@code Exchange}): the latest moment at which nobody has seen the request, so one without an upstream
 *       stands in line here ({@code InLine}).
 *   <li><b>Connect</b> ({@code Dial}) or take a pooled connection ({@code UpstreamPool}): inside the lease, so that an upstream
 *       that refuses is blamed for it.
 *   <li><b>Send</b> ({@code OutgoingRequest}), both ways at once and each at the pace of its receiver.
 *   <li><b>Response deadline</b>: from the end of the request, inside the lease, so that a slow upstream is blamed for it.
 *   <li><b>Read the answer</b> ({@code AnswerReader}) and pass it on ({@code RelayedAnswer}), or put it aside.
 *   <li><b>Retry</b> ({@code NextAttempt}) as {@link io.tickstorm.proxy.retry.RetryPolicy} says: before a byte of the answer
 *       went to the client.
 *   <li><b>End the lease</b> ({@code Attempt}), exactly once: everything that learns, learns from that.
 *   <li><b>Tell the access log</b> ({@code Account}), exactly once for each request, whatever became of it.
 * </ol>
 *
 * <p>All objects but the listener, its counters and {@code Listening} belong to one event loop. An answer that was cut off ends
 * with a reset towards the client, never like a whole one.
 */
@NullMarked
package io.tickstorm.proxy.http;

import org.jspecify.annotations.NullMarked;
