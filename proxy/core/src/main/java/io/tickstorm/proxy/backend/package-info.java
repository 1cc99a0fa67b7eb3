/**
 * One named backend: its upstreams and the leases on them.
 *
 * <p>Work goes to the first of these groups that is not empty:
 *
 * <ol>
 *   <li>ACTIVE upstreams that nothing holds back;
 *   <li>ACTIVE upstreams held back by their circuit breaker alone: live traffic never takes the last one away;
 *   <li>all ACTIVE upstreams (panic: when everything looks ill, the judges are the likelier patient);
 *   <li>if there is no ACTIVE one at all, the DRAINING ones in the same order: they still serve.
 * </ol>
 */
@NullMarked
package io.tickstorm.proxy.backend;

import org.jspecify.annotations.NullMarked;
