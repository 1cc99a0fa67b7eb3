/**
 * What an import has understood so far: entrances, pools and settings, each with the line that asked for it, and what is to be
 * said of every line. Knows neither of the formats that are read.
 */
@NullMarked
package io.tickstorm.cli.importing.draft;

import org.jspecify.annotations.NullMarked;
