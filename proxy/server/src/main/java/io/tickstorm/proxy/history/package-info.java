/**
 * What the last ten minutes were like, in memory that does not grow with time: rates, quantiles, and what has happened. For the
 * live page; nothing decides by it.
 */
@NullMarked
package io.tickstorm.proxy.history;

import org.jspecify.annotations.NullMarked;
