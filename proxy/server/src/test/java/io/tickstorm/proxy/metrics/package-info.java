@NullMarked
package io.tickstorm.proxy.metrics;

import org.jspecify.annotations.NullMarked;
