/** The whole configuration as one immutable value, its reader and its writer. */
@NullMarked
package io.tickstorm.proxy.config;

import org.jspecify.annotations.NullMarked;
