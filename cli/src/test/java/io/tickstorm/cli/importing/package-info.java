/** Tests of the importers. */
@NullMarked
package io.tickstorm.cli.importing;

import org.jspecify.annotations.NullMarked;
