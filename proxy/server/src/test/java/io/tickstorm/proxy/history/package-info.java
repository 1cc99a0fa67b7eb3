@NullMarked
package io.tickstorm.proxy.history;

import org.jspecify.annotations.NullMarked;
