/**
 * What the proxies of a cluster say of themselves and of the endpoints behind them: which configuration they have taken over, what they hold open, and how answers came.
 *
 * <p>{@link io.tickstorm.operator.telemetry.Telemetry} asks all proxies at once and gives one {@link io.tickstorm.operator.telemetry.FleetReport}. Numbers that only grow
 * say something between two reports: {@link io.tickstorm.operator.telemetry.Measured}.
 */
@NullMarked
package io.tickstorm.operator.telemetry;

import org.jspecify.annotations.NullMarked;
