/** Bodies of answers in gzip (RFC 1952), for clients that ask for it. */
@NullMarked
package io.tickstorm.proxy.gzip;

import org.jspecify.annotations.NullMarked;
