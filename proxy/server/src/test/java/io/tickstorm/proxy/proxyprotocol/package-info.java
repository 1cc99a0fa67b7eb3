@NullMarked
package io.tickstorm.proxy.proxyprotocol;

import org.jspecify.annotations.NullMarked;
