@NullMarked
package io.tickstorm.proxy.access;

import org.jspecify.annotations.NullMarked;
