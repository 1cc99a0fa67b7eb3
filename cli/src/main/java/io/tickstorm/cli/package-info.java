/** Placeholder. */
@NullMarked
package io.tickstorm.cli;

import org.jspecify.annotations.NullMarked;
