@NullMarked
package io.tickstorm.proxy.transport.splice;

import org.jspecify.annotations.NullMarked;
