package io.tickstorm.proxy.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who does the cryptography of TLS. */
public enum Engine {
    /** BoringSSL, through Netty's native library. */
    BORINGSSL(SslProvider.OPENSSL_REFCNT),
    /** The JDK: everywhere else. A handshake costs far more CPU. */
    JDK(SslProvider.JDK);

    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    private final SslProvider provider;

    Engine(SslProvider provider) {
        this.provider = provider;
    }

    SslProvider provider() {
        return provider;
    }

    /** The better one of those that work here. The first call loads a library, which nobody who serves no TLS should pay for. */
    public static Engine best() {
        return Best.ENGINE;
    }

    private static final class Best {
        static final Engine ENGINE = choose();
    }

    private static Engine choose() {
        if (OpenSsl.isAvailable()) {
            return BORINGSSL;
        }
        log.warn(
                "BoringSSL cannot be used here, the JDK speaks TLS instead: {}",
                String.valueOf(OpenSsl.unavailabilityCause()));
        return JDK;
    }
}
