@NullMarked
package io.tickstorm.proxy.websocket;

import org.jspecify.annotations.NullMarked;
