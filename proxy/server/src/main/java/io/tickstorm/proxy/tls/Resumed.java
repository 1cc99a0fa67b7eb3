package io.tickstorm.proxy.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import javax.net.ssl.SSLEngine;

/** Whether a handshake went on from an earlier one: no interface of Java tells, so BoringSSL itself is asked. */
final class Resumed {
    private Resumed() {}

    /** On the event loop, once the handshake is complete; false with the JDK. */
    static boolean is(SSLEngine engine) {
        if (!(engine instanceof ReferenceCountedOpenSslEngine boring)) {
            return false;
        }
        long pointer = boring.sslPointer();
        return pointer != 0 && SSL.isSessionReused(pointer);
    }
}
