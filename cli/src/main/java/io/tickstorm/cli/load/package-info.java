/**
 * An open-loop load generator: what is sent, and when, never depends on how the target answers.
 *
 * <p>Each request has an intended time, and its latency counts from that time: a target that stalls makes its waiting
 * requests slow instead of making them fewer (no coordinated omission). Nothing is ever retried; each request ends as one
 * answer or one {@link io.tickstorm.cli.load.Failure}. A run owns one event loop, on which all its state lives.
 */
@NullMarked
package io.tickstorm.cli.load;

import org.jspecify.annotations.NullMarked;
