/**
 * How a new version of the backends takes over from the one that runs, for the strategies that have both at a time: facts in, a decision out. Pure; the clock, the API
 * server and the proxies are elsewhere.
 *
 * <pre>
 *   stable --wanted is another--> trial: step 0 .. n, then promotion --acknowledged--> stable, the former one kept
 *                                   |
 *                                   +--bad, late, aborted, wanted no more--> withdrawing --acknowledged--> stable
 *   kept --keepPrevious is over--> gone        kept --wanted again, or the new one aborted--> trial: promotion
 * </pre>
 *
 * <p>Three rules hold everywhere. A version gets weight only once it has the pods for it. A change of weights counts only once every ready proxy has acknowledged the
 * configuration that carries it. And what was decided is written down ({@link io.tickstorm.operator.rollout.Memory}) before anything is done about it, so that another
 * operator goes on where this one stopped.
 */
@NullMarked
package io.tickstorm.operator.rollout;

import org.jspecify.annotations.NullMarked;
