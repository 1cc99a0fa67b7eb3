/**
 * What is told of a request or connection when it has ended: one {@link io.tickstorm.proxy.access.Entry}, with its attempts
 * and the one reason of a closed set for which it ended.
 *
 * <p>The data path asks {@link io.tickstorm.proxy.access.AccessLog#wants} first and builds an entry only if somebody wants it;
 * handing it over never blocks. What failed is also kept in memory, bounded, so that it can be asked for afterwards.
 */
@NullMarked
package io.tickstorm.proxy.access;

import org.jspecify.annotations.NullMarked;
