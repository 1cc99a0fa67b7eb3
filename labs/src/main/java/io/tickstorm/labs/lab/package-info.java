/** The labs, one class each. */
@NullMarked
package io.tickstorm.labs.lab;

import org.jspecify.annotations.NullMarked;
