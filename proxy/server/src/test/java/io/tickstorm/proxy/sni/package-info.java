@NullMarked
package io.tickstorm.proxy.sni;

import org.jspecify.annotations.NullMarked;
