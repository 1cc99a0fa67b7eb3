@NullMarked
package io.tickstorm.proxy.probing;

import org.jspecify.annotations.NullMarked;
