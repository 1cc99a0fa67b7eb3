package io.tickstorm.proxy.listener;

/** Versions of TLS that are spoken; TLS 1.1 and older are not (RFC 8996). */
public enum TlsVersion {
    TLS_1_2("TLSv1.2"),
    TLS_1_3("TLSv1.3");

    private final String protocol;

    TlsVersion(String protocol) {
        this.protocol = protocol;
    }

    /** The name that engines and configurations know it by. */
    @Override
    public String toString() {
        return protocol;
    }
}
