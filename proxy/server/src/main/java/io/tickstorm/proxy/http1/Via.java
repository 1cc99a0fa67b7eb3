package io.tickstorm.proxy.http1;

/**
 * The lines that say, to the server behind us, who asked and by which way: the same for all requests of a connection.
 *
 * <p>They replace what the client sent under these names: a client can write anything. Existing {@code Via} lines stay, ours is
 * the last (RFC 9110 section 7.6.3).
 */
public final class Via {
    private final byte[] lines;
    private final byte[] ownAuthority;

    /**
     * @param client the client's IP address
     * @param scheme {@code http} or {@code https}
     * @param ownAuthority where the client reached us, as {@code host:port}: the Host of a request of HTTP/1.0 that has none
     */
    public Via(String client, String scheme, String ownAuthority) {
        this(client, scheme, ownAuthority, "1.1");
    }

    /** @param version of HTTP in which the client speaks: {@code 1.1} or {@code 2.0} */
    public Via(String client, String scheme, String ownAuthority, String version) {
        lines = Words.ascii("x-forwarded-for: " + client + "\r\nx-forwarded-proto: " + scheme + "\r\nvia: " + version
                + " tickstorm\r\n");
        this.ownAuthority = Words.ascii(ownAuthority);
    }

    byte[] lines() {
        return lines;
    }

    byte[] ownAuthority() {
        return ownAuthority;
    }
}
