/** What one decision of the proxy costs, without sockets: for the table in {@code docs/performance.md}. */
@NullMarked
package io.tickstorm.bench;

import org.jspecify.annotations.NullMarked;
