/**
 * The names of the proxy's metrics. They read counters that the domain objects keep anyway, when somebody scrapes; the
 * data path knows nothing of them. Every name has its line in {@code docs/metrics.md}.
 */
@NullMarked
package io.tickstorm.proxy.metrics;

import org.jspecify.annotations.NullMarked;
