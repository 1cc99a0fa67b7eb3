package io.tickstorm.proxy.sni;

/** Why no server name could be read from a connection that has to begin with a TLS ClientHello. */
public enum HelloFault {
    ABSENT("the connection did not begin with a TLS handshake"),
    MALFORMED("the TLS ClientHello was malformed"),
    TOO_LONG("the TLS ClientHello was longer than 16 KiB"),
    CUT("the client left within its TLS ClientHello"),
    LATE("the TLS ClientHello did not come in time");

    private final String words;

    HelloFault(String words) {
        this.words = words;
    }

    /** The same for a person. */
    public String words() {
        return words;
    }
}
