package io.tickstorm.proxy.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.tickstorm.proxy.listener.ClientAuthentication;
import io.tickstorm.proxy.listener.TlsSettings;
import io.tickstorm.proxy.listener.TlsVersion;
import io.tickstorm.proxy.time.Ticker;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What the files of a listener said when they were read, ready for handshakes. */
final class ServerContext {
    /** RFC 8446 appendix B.4; BoringSSL has all three always. */
    private static final List<String> TLS_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** All that are spoken where nothing else is said. */
    static final List<String> SUITES = suites(TlsSettings.CIPHER_SUITES);

    /** Sessions that the JDK remembers for clients without tickets; BoringSSL remembers none. */
    private static final int SESSIONS = 4096;

    private final Context context;
    private final Identities identities;
    private final @Nullable TicketKeys tickets;

    private ServerContext(Context context, Identities identities, @Nullable TicketKeys tickets) {
        this.context = context;
        this.identities = identities;
        this.tickets = tickets;
    }

    /**
     * Reads the files. Blocks.
     *
     * @param protocols for ALPN, the best first; empty = none
     * @throws IllegalArgumentException if one of them cannot be used, with the reason
     */
    static ServerContext read(
            TlsSettings settings, List<String> protocols, Engine engine, SecureRandom random, Ticker ticker) {
        var identities = Identities.read("tls.certificates", settings.certificates(), settings.strictSni());
        var authorities = settings.clientCaFile() == null
                ? List.<X509Certificate>of()
                : Pem.certificates("tls.clientCaFile", settings.clientCaFile());
        try {
            var built = build(settings, identities, authorities, protocols, engine);
            return new ServerContext(
                    new Context(built), identities, resumption(built, settings.resumption(), random, ticker));
        } catch (SSLException e) {
            throw new IllegalArgumentException("tls: " + e.getMessage(), e);
        }
    }

    private static SslContext build(
            TlsSettings settings,
            Identities identities,
            List<X509Certificate> authorities,
            List<String> protocols,
            Engine engine)
            throws SSLException {
        var keys = new NameKeyManager(identities).factory();
        var builder = SslContextBuilder.forServer(
                        // Without the cache every handshake would parse the key and the chain anew.
                        engine == Engine.BORINGSSL ? new OpenSslCachingX509KeyManagerFactory(keys) : keys)
                .sslProvider(engine.provider())
                .protocols(versions(settings.minVersion()))
                .ciphers(suites(settings.cipherSuites()))
                .sessionCacheSize(SESSIONS)
                // The JDK cannot be told to resume nothing: a ticket of a second is the least.
                .sessionTimeout(settings.resumption() ? TicketKeys.LIFETIME.toSeconds() : 1)
                .clientAuth(authentication(settings.clientAuthentication()));
        if (!authorities.isEmpty()) {
            builder.trustManager(authorities);
        }
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    protocols));
        }
        return builder.build();
    }

    private static List<String> versions(TlsVersion oldest) {
        return Stream.of(TlsVersion.values())
                .filter(version -> version.compareTo(oldest) >= 0)
                .map(TlsVersion::toString)
                .toList();
    }

    private static List<String> suites(List<String> ofTls12) {
        var suites = new ArrayList<>(TLS_1_3);
        suites.addAll(ofTls12);
        return suites;
    }

    private static ClientAuth authentication(ClientAuthentication wanted) {
        return switch (wanted) {
            case NONE -> ClientAuth.NONE;
            case OPTIONAL -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRE;
        };
    }

    private static @Nullable TicketKeys resumption(
            SslContext built, boolean wanted, SecureRandom random, Ticker ticker) {
        if (!(built.sessionContext() instanceof OpenSslSessionContext sessions)) {
            return null; // the JDK seals its tickets under keys of its own
        }
        sessions.setSessionCacheEnabled(false);
        return wanted ? new TicketKeys(sessions, random, ticker) : null;
    }

    Context context() {
        return context;
    }

    List<Identity> identities() {
        return identities.all();
    }

    /** When the first of its certificates expires. */
    Instant expiry() {
        return identities.expiry();
    }

    /** To be called now and then; one thread at a time. */
    void rotateTicketKeys() {
        if (tickets != null) {
            tickets.rotate();
        }
    }

    void release() {
        context.release();
    }
}
