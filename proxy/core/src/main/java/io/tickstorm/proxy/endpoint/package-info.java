/** What an endpoint is, and what this proxy has learnt about it. */
@NullMarked
package io.tickstorm.proxy.endpoint;

import org.jspecify.annotations.NullMarked;
