@NullMarked
package io.tickstorm.proxy.discovery;

import org.jspecify.annotations.NullMarked;
