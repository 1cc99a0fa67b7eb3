/** The launcher as a person meets it: words, exit codes, and processes that come and go. */
@NullMarked
package io.tickstorm.cli;

import org.jspecify.annotations.NullMarked;
