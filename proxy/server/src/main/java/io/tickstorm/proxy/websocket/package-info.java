/** What a proxy has to know of WebSocket (RFC 6455) to end one in order: where frames begin, and the frame that says goodbye. */
@NullMarked
package io.tickstorm.proxy.websocket;

import org.jspecify.annotations.NullMarked;
