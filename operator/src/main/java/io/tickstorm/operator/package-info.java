/** The operator's process: reads its environment, wires crd, desired and reconcile together, and ends cleanly on SIGTERM. */
@NullMarked
package io.tickstorm.operator;

import org.jspecify.annotations.NullMarked;
