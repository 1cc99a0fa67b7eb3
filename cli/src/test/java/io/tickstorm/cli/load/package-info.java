/** The generator against servers that answer well, badly, late, or not at all. */
@NullMarked
package io.tickstorm.cli.load;

import org.jspecify.annotations.NullMarked;
