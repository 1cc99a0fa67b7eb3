/**
 * One named backend: its upstreams and the leases on them.
 *
 * <p>Work goes to the first of these groups that is not empty:
 *
 * <ol>
 *   <li>ACTIVE upstreams of our zone that nothing holds back, if every ACTIVE one carries a hint and enough of ours are well;
 *   <li>ACTIVE upstreams that nothing holds back, if that is enough of them ({@code panicThreshold});
 *   <li>all ACTIVE upstreams but those that are unreachable or silent (panic: when most look ill, the judges are the likelier
 *       patient, and the few others could not carry it all); a retry goes to one that is well while there is one.
 *       If these are just the ones that are well, that is no panic;
 *   <li>all ACTIVE upstreams, if all of them are unreachable or silent;
 *   <li>if there is no ACTIVE one at all, the DRAINING ones in the same order: they still serve.
 * </ol>
 *
 * NOT_READY ones are in none of them. One drained by hand counts as DRAINING.
 *
 * <pre>
 *   discovery        NOT_READY &lt;---&gt; ACTIVE ---&gt; DRAINING ---&gt; removed     (each may also vanish)
 *   what holds back  NOT_READY       FAILED_CHECK, EJECTED, CIRCUIT_OPEN, UNREACHABLE, DRAINING by hand
 *   warmth           begins at the minimum when it turns ACTIVE, passes its check again or returns from an ejection;
 *                    all of the first set that discovery delivers are warm
 * </pre>
 *
 * Once removed it never comes back: its id would begin afresh.
 */
@NullMarked
package io.tickstorm.proxy.backend;

import org.jspecify.annotations.NullMarked;
