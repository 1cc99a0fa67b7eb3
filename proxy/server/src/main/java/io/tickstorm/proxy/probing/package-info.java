/** Asks endpoints how they are, over connections of their own. */
@NullMarked
package io.tickstorm.proxy.probing;

import org.jspecify.annotations.NullMarked;
