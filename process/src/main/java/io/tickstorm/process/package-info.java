/** Placeholder. */
@NullMarked
package io.tickstorm.process;

import org.jspecify.annotations.NullMarked;
