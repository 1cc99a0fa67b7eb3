/** What we listen on: ports, protocol, limits, timeouts (values only). */
@NullMarked
package io.tickstorm.proxy.listener;

import org.jspecify.annotations.NullMarked;
