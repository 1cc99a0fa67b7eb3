/**
 * The name that a TLS client asks for, read from its first message without ending the encryption: RFC 6066 section 3, RFC 8446
 * section 4.1.2. It knows no listener and no endpoint, and takes no byte away.
 */
@NullMarked
package io.tickstorm.proxy.sni;

import org.jspecify.annotations.NullMarked;
