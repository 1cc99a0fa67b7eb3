package io.tickstorm.proxy.proxyprotocol;

/** Why a connection that has to begin with a PROXY protocol header was closed. */
public enum HeaderFault {
    UNTRUSTED("the peer is no trusted proxy"),
    ABSENT("the connection did not begin with a PROXY protocol header"),
    MALFORMED("the PROXY protocol header was malformed"),
    TOO_LONG("the PROXY protocol header was too long"),
    CHECKSUM("the checksum of the PROXY protocol header was wrong"),
    CUT("the peer left within its PROXY protocol header"),
    LATE("the PROXY protocol header did not come in time");

    private final String words;

    HeaderFault(String words) {
        this.words = words;
    }

    /** The same for a person. */
    public String words() {
        return words;
    }
}
