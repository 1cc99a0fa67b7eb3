/**
 * Tick-Storm on TCP: sessions, and the made-up market they subscribe to.
 *
 * <p>A session goes from <i>opened</i> by AUTH to <i>authenticated</i>, by SUBSCRIBE to <i>subscribed</i>, and from any of
 * them by a fault, a timeout, a drain or the client to <i>ended</i>. Every ERROR is the last frame of its session.
 * Everything of one session, and the market it listens to, lives on one event loop.
 */
@NullMarked
package io.tickstorm.backend.stream;

import org.jspecify.annotations.NullMarked;
