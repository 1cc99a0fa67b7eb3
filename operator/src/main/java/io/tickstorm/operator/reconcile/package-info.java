/**
 * Makes what is there into what should be there, and says how far it got.
 *
 * <p>{@link io.tickstorm.operator.reconcile.Operator} leads or waits. While it leads, informers ({@code Sight}) put the name of every cluster that something happened
 * to on a {@code WorkQueue}; one worker per name runs {@code Reconciler}, which looks at everything every time and never at what the event said: read, judge, apply,
 * prune, report. A failure comes back after 1 s, then ever later up to 5 min, without end; a success after two minutes.
 */
@NullMarked
package io.tickstorm.operator.reconcile;

import org.jspecify.annotations.NullMarked;
