@NullMarked
package io.tickstorm.proxy;

import org.jspecify.annotations.NullMarked;
