/** Which kind of socket the event loops drive, and the options that every socket of the proxy has. */
@NullMarked
package io.tickstorm.proxy.transport;

import org.jspecify.annotations.NullMarked;
