/** Choosing one upstream among many: a load metric and a chooser, independent of each other. */
@NullMarked
package io.tickstorm.proxy.balance;

import org.jspecify.annotations.NullMarked;
