/** Placeholder. */
@NullMarked
package io.tickstorm.operator;

import org.jspecify.annotations.NullMarked;
