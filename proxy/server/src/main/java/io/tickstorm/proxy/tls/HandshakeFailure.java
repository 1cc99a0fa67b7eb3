package io.tickstorm.proxy.tls;

import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Why a client got no secured connection. The set is closed; {@code docs/tls.md} documents each. */
public enum HandshakeFailure {
    /** It took longer than it may. */
    TIMEOUT("the handshake took too long", ""),
    /** The client went away. */
    CLIENT_LEFT("the client left before the handshake was complete", ""),
    /** What it said is not TLS. */
    NOT_TLS("the client does not speak TLS", "not an SSL/TLS record|WRONG_VERSION_NUMBER|HTTP_REQUEST"),
    /** It does not speak a version that is new enough. */
    VERSION(
            "the client speaks no version of TLS that is allowed",
            "UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|protocol_version|requested protocol|No appropriate protocol"),
    /** No cipher suite, group or signature that both know. */
    NO_COMMON_CIPHER(
            "the client knows no cipher suite, group or signature that is allowed",
            "NO_SHARED_CIPHER|NO_SHARED_GROUP|NO_COMMON_SIGNATURE|no cipher suites in common|No named group"),
    /** It showed no certificate, where one is required. */
    NO_CERTIFICATE(
            "the client showed no certificate",
            "PEER_DID_NOT_RETURN_A_CERTIFICATE|Empty client certificate chain|Empty server certificate chain"),
    /** Its certificate is not trusted: unknown authority, expired, not for this use. */
    BAD_CERTIFICATE(
            "the client's certificate is not trusted",
            "CERTIFICATE_VERIFY_FAILED|PKIX|certificate_unknown|CertificateExpired|ValidatorException"
                    + "|General OpenSslEngine|KeyUsage|CERT_"),
    /** The client does not trust ours. */
    REFUSED_BY_CLIENT(
            "the client refused our certificate", "ALERT_.*(CERTIFICATE|UNKNOWN_CA)|fatal alert: .*(cert|ca)"),
    /** {@code strictSni}: no certificate has the name. */
    UNKNOWN_NAME(
            "no certificate has the name that the client asks for", "Unable to find key material|No available auth"),
    OTHER("the handshake failed", "");

    private final String words;
    private final Pattern signs;

    /** @param signs what engines say of it: they have exceptions for nearly nothing */
    HandshakeFailure(String words, String signs) {
        this.words = words;
        this.signs = Pattern.compile(signs);
    }

    /** For a person. */
    public String words() {
        return words;
    }

    /** As a label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static HandshakeFailure of(Throwable cause) {
        if (cause instanceof SslHandshakeTimeoutException) {
            return TIMEOUT;
        }
        for (var each = cause; each != null; each = each.getCause()) {
            var said = each.getClass().getSimpleName() + ": " + each.getMessage();
            for (var reason : values()) {
                if (!reason.signs.pattern().isEmpty()
                        && reason.signs.matcher(said).find()) {
                    return reason;
                }
            }
        }
        return cause instanceof ClosedChannelException
                        || String.valueOf(cause.getMessage()).contains("closed")
                ? CLIENT_LEFT
                : OTHER;
    }
}
