/**
 * The L4 data path: a client's connection and one to an upstream, joined byte for byte.
 *
 * <p>A session waits for an upstream, connects (and tries another one if nothing could be sent yet), relays until both
 * directions have ended, and then ends its lease once. What one side says with its socket the other side hears: the end
 * of a direction as the end of that direction, a reset as a reset.
 */
@NullMarked
package io.tickstorm.proxy.tcp;

import org.jspecify.annotations.NullMarked;
