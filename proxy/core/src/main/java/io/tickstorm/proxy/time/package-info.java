/** The only clock, the only timers and the only source of chance; tests use {@code ManualTime}. */
@NullMarked
package io.tickstorm.proxy.time;

import org.jspecify.annotations.NullMarked;
