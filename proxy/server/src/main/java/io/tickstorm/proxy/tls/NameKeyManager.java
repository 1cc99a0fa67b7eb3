package io.tickstorm.proxy.tls;

import java.net.Socket;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Tells an engine which certificate a client gets, by the name it asks for. One context then serves all names, so there is no
 * handler that looks into the ClientHello, and engines bound that message themselves (BoringSSL to 16 KiB, the JDK to 32 KiB).
 */
final class NameKeyManager extends X509ExtendedKeyManager {
    private final Identities identities;

    NameKeyManager(Identities identities) {
        this.identities = identities;
    }

    /** This one in the form in which contexts take it. */
    KeyManagerFactory factory() {
        return new KeyManagerFactory(new Factory(this), null, "names") {};
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        if (!(engine.getHandshakeSession() instanceof ExtendedSSLSession session)) {
            return null;
        }
        String name = null;
        for (var asked : session.getRequestedServerNames()) {
            if (asked instanceof SNIHostName host) {
                name = host.getAsciiName();
            }
        }
        if (!keyType.equals("EC") && !keyType.equals("RSA")) {
            return null;
        }
        var index = identities.choose(name, keyType, knowsEcdsa(session));
        return index == null ? null : index.toString();
    }

    /** A client that says nothing gets what it most likely knows: TLS 1.2 without the extension means SHA-1 (RFC 5246 7.4.1.4.1). */
    private static boolean knowsEcdsa(ExtendedSSLSession session) {
        for (var algorithm : session.getPeerSupportedSignatureAlgorithms()) {
            if (algorithm.endsWith("ECDSA")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identity(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity(alias).key();
    }

    private Identity identity(String alias) {
        return identities.all().get(Integer.parseInt(alias));
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null; // only engines ask here
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    private static final class Factory extends KeyManagerFactorySpi {
        private final KeyManager manager;

        Factory(KeyManager manager) {
            this.manager = manager;
        }

        @Override
        protected void engineInit(KeyStore store, char[] password) {}

        @Override
        protected void engineInit(ManagerFactoryParameters parameters) {}

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {manager};
        }
    }
}
