/** Leaving in good order: who serves something long-lived is told when to let go, one after the other. */
@NullMarked
package io.tickstorm.backend.drain;

import org.jspecify.annotations.NullMarked;
