/** Time that tests advance by hand. */
@NullMarked
package io.tickstorm.proxy.time;

import org.jspecify.annotations.NullMarked;
