/**
 * What every process of the product has: probes, metrics, an identity, a log format, and an orderly end.
 *
 * <p>This package knows nothing of balancing; its users hand it their state through {@link io.tickstorm.process.Probes.Status}.
 */
@NullMarked
package io.tickstorm.process;

import org.jspecify.annotations.NullMarked;
