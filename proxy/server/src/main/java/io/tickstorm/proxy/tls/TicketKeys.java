package io.tickstorm.proxy.tls;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.tickstorm.proxy.time.Ticker;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * The keys under which one BoringSSL context seals tickets: the current one, and the one before, which still opens what it
 * sealed. They are ours alone and are forgotten within two hours, because who gets hold of one reads what TLS 1.2 clients
 * resume with it (RFC 9325 section 7.4). A new context begins with new keys: a ticket says that a client was verified, and must
 * not outlive those who may verify.
 */
final class TicketKeys {
    /** How long a ticket is good. */
    static final Duration LIFETIME = Duration.ofHours(1);

    private final OpenSslSessionContext context;
    private final SecureRandom random;
    private final Ticker ticker;
    private OpenSslSessionTicketKey current;
    private long since;

    TicketKeys(OpenSslSessionContext context, SecureRandom random, Ticker ticker) {
        this.context = context;
        this.random = random;
        this.ticker = ticker;
        current = fresh();
        since = ticker.nanos();
        context.setTicketKeys(current);
    }

    /** Takes another key if it is time for one. One thread at a time. */
    void rotate() {
        if (ticker.nanos() - since >= LIFETIME.toNanos()) {
            var before = current;
            current = fresh();
            since = ticker.nanos();
            context.setTicketKeys(current, before);
        }
    }

    private OpenSslSessionTicketKey fresh() {
        return new OpenSslSessionTicketKey(
                bytes(OpenSslSessionTicketKey.NAME_SIZE),
                bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                bytes(OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    private byte[] bytes(int size) {
        var bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
