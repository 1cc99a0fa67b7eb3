@NullMarked
package io.tickstorm.proxy.tcp;

import org.jspecify.annotations.NullMarked;
