/** Placeholder. */
@NullMarked
package io.tickstorm.backend;

import org.jspecify.annotations.NullMarked;
