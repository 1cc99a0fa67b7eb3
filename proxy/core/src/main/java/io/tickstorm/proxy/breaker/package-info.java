/**
 * Judging an upstream by live traffic: by its failures in a row (the circuit breaker), by how it does beside its peers, and
 * by its silence (ejection). The judges do not know of each other; an upstream gets work if none of them holds it back.
 *
 * <pre>
 * CircuitBreaker
 *   CLOSED --(n failures in a row)--&gt; OPEN --(open time is over)--&gt; PROBING
 *      ^                               ^                              |
 *      |                               +------(the probe fails)-------+
 *      +----------------------(the probe succeeds)--------------------+
 *
 * Ejection
 *   IN --(outlier, or silent)--&gt; OUT --(its time is over, or it is heard)--&gt; PROBING
 *    ^                            ^                                            |
 *    |                            +---------(the probe fails, or is silent)----+
 *    +------------------------------(the probe succeeds)-----------------------+
 * </pre>
 *
 * A probe is one real request; while it runs no other is let through. An active check never ends an ejection: a process
 * can pass its check and fail its work. The open time doubles with each probe that fails, up to a cap, and starts again
 * once a probe succeeds. The time out is the base time times the number of ejections in a row, up to a cap, and a little
 * more by chance; each interval that the upstream gets through takes one from that number.
 *
 * <p>At most a part of the upstreams is ejected for failing, and never the last one that gets work.
 */
@NullMarked
package io.tickstorm.proxy.breaker;

import org.jspecify.annotations.NullMarked;
