/**
 * The {@code tickstorm} launcher: what a person types. Commands read arguments, call what does the work, and say what came
 * of it; nothing is decided here.
 */
@NullMarked
package io.tickstorm.cli;

import org.jspecify.annotations.NullMarked;
