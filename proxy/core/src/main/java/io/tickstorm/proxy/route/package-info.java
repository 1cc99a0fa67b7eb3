/**
 * Which of several targets a request goes to: conditions of the configuration, and tables that find the one that fits.
 *
 * <p>Precedence is that of Gateway API's HTTPRoute: an exact host before a wildcard, a longer wildcard before a shorter one,
 * any of them before none; then the longer path prefix; then more header conditions; then the order of the list. A route is
 * passed over as soon as one of its conditions does not hold, whatever else it says.
 *
 * <p>Tables are immutable, made once for each configuration, and read from any thread without a lock. A request whose path is
 * written plainly costs no allocation.
 */
@NullMarked
package io.tickstorm.proxy.route;

import org.jspecify.annotations.NullMarked;
