/**
 * Pictures of what a lab has recorded, as SVG: lines, bars, bands and words beside what they name.
 *
 * <p>Drawn by hand and not by a chart library, because those of the JVM measure text with the fonts of this machine (there may
 * be none, and the reader has others) and know one colour scheme. Here the reader's browser sets the text, light or dark, and
 * the same recording gives the same bytes everywhere, which a test compares.
 */
@NullMarked
package io.tickstorm.labs.picture;

import org.jspecify.annotations.NullMarked;
