/** The local runtime: its decisions without processes, its pipes on loopback. Real clusters of processes are tested with the launcher. */
@NullMarked
package io.tickstorm.operator.local;

import org.jspecify.annotations.NullMarked;
