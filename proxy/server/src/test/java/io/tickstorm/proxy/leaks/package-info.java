/** Fails a test class that leaks buffers. */
@NullMarked
package io.tickstorm.proxy.leaks;

import org.jspecify.annotations.NullMarked;
