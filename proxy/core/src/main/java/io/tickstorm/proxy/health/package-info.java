/**
 * Judging an upstream by asking it.
 *
 * <p>Discovery is trusted until a check has answered: a new upstream gets work at once, its first check decides at once,
 * and from then on {@code fall} failures in a row take it out and {@code rise} successes in a row bring it back.
 */
@NullMarked
package io.tickstorm.proxy.health;

import org.jspecify.annotations.NullMarked;
