/** The proxy as a process: its parts put together, its configuration applied and changed, its orderly end. */
@NullMarked
package io.tickstorm.proxy;

import org.jspecify.annotations.NullMarked;
