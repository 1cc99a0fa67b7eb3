/**
 * Judging an upstream by the outcomes of live traffic: the circuit breaker.
 *
 * <pre>
 *   CLOSED --(n failures in a row)--> OPEN --(open time is over)--> PROBING
 *      ^                               ^                              |
 *      |                               +------(the probe fails)-------+
 *      +----------------------(the probe succeeds)--------------------+
 * </pre>
 *
 * The open time doubles with each probe that fails, up to a cap, and starts again once a probe succeeds. A probe is one
 * real request; while it runs no other is let through.
 */
@NullMarked
package io.tickstorm.proxy.breaker;

import org.jspecify.annotations.NullMarked;
