package io.tickstorm.proxy.http1;

import io.tickstorm.proxy.listener.ForwardedSettings.Header;
import org.jspecify.annotations.Nullable;

/**
 * The lines that say, to the server behind us, who asked and by which way: the same for all requests of a connection, but for
 * those of a proxy that is {@link #behind trusted}.
 *
 * <p>They replace what the client sent under these names: a client can write anything. Existing {@code Via} lines stay, ours is
 * the last (RFC 9110 section 7.6.3).
 */
public final class Via {
    private static final String HTTP_2 = "2.0";
    private static final byte[] X_FORWARDED_HOST = Words.ascii("x-forwarded-host: ");

    private final Header header;
    private final String client;
    private final String scheme;
    private final String version;
    private final @Nullable String certificate;
    private final byte[] ownAuthority;

    // What is written of each request: lines, with the version of Via where it is not 1.0; a host; the end of its line.
    private final byte[] lines;
    private final byte[] linesOfHttp10;
    private final byte @Nullable [] forwarded;
    private final byte @Nullable [] host;

    /**
     * @param header the fields that say it
     * @param client the client's IP address
     * @param scheme {@code http} or {@code https}
     * @param version by which requests come in, as in {@code Via}: {@code 1.1} or {@code 2.0}
     * @param ownAuthority where the client reached us, as {@code host:port}: the Host of a request of HTTP/1.0 that has none
     * @param certificate of the client, as {@code x-forwarded-client-cert} has it; null if none was verified
     */
    public Via(
            Header header,
            String client,
            String scheme,
            String version,
            String ownAuthority,
            @Nullable String certificate) {
        this(header, client, scheme, version, Words.ascii(ownAuthority), certificate, null);
    }

    /** Of a client that has shown no certificate. */
    public Via(Header header, String client, String scheme, String version, String ownAuthority) {
        this(header, client, scheme, version, ownAuthority, null);
    }

    /** In {@code X-Forwarded-*}, of a client that speaks HTTP/1. */
    public Via(String client, String scheme, String ownAuthority) {
        this(Header.X_FORWARDED, client, scheme, "1.1", ownAuthority);
    }

    private Via(
            Header header,
            String client,
            String scheme,
            String version,
            byte[] ownAuthority,
            @Nullable String certificate,
            @Nullable Origin origin) {
        this.header = header;
        this.client = client;
        this.scheme = scheme;
        this.version = version;
        this.certificate = certificate;
        this.ownAuthority = ownAuthority;
        var said = (header == Header.FORWARDED ? "" : xForwarded(origin))
                + (certificate == null ? "" : "x-forwarded-client-cert: " + certificate + "\r\n");
        lines = Words.ascii(said + "via: " + version + " tickstorm\r\n");
        linesOfHttp10 = Words.ascii(said + "via: 1.0 tickstorm\r\n");
        forwarded = header == Header.X_FORWARDED ? null : Words.ascii("forwarded: " + forwarded(origin) + ";host=");
        host = origin == null || origin.host() == null ? null : Words.ascii(origin.host());
    }

    /** The same for a request of which a trusted proxy says where it comes from. */
    public Via behind(Origin origin) {
        return new Via(header, client, scheme, version, ownAuthority, certificate, origin);
    }

    private String xForwarded(@Nullable Origin origin) {
        var said = new StringBuilder("x-forwarded-for: ");
        if (origin != null && !origin.path().isEmpty()) {
            said.append(origin.path()).append(", ");
        }
        said.append(client)
                .append("\r\nx-forwarded-proto: ")
                .append(proto(origin))
                .append("\r\n");
        if (origin != null && origin.port() != null) {
            said.append("x-forwarded-port: ").append(origin.port()).append("\r\n");
        }
        if (origin != null && origin.realIp() != null) {
            said.append("x-real-ip: ").append(origin.realIp()).append("\r\n");
        }
        return said.toString();
    }

    private String proto(@Nullable Origin origin) {
        return origin == null || origin.proto() == null ? scheme : origin.proto();
    }

    /** Beside {@code X-Forwarded-For} there is one element, which says what that list and its neighbours come to. */
    private String forwarded(@Nullable Origin origin) {
        if (header == Header.BOTH) {
            var believed = origin == null ? client : origin.client().getHostAddress();
            return "for=" + node(believed) + ";proto=" + proto(origin);
        }
        var before = origin == null || origin.path().isEmpty() ? "" : origin.path() + ", ";
        return before + "for=" + node(client) + ";proto=" + scheme;
    }

    /** RFC 7239 section 6: IPv6 in brackets, and what has a colon in quotes. */
    private static String node(String address) {
        return address.indexOf(':') < 0 ? address : "\"[" + address + "]\"";
    }

    /** Appends the lines; the range is the host that the request asks for. */
    void appendTo(Assembly out, boolean http10, byte[] bytes, int from, int to) {
        out.add(http10 ? linesOfHttp10 : lines);
        var said = host;
        if (header != Header.FORWARDED) {
            out.add(X_FORWARDED_HOST);
            if (said == null) {
                out.add(bytes, from, to);
            } else {
                out.add(said);
            }
            out.endLine();
        }
        if (forwarded != null) {
            out.add(forwarded);
            if (said == null) {
                appendValue(out, bytes, from, to);
            } else {
                appendValue(out, said, 0, said.length);
            }
            out.endLine();
        }
    }

    /** A host has no quote and no backslash: {@link Host}. */
    private static void appendValue(Assembly out, byte[] bytes, int from, int to) {
        if (Words.token(bytes, from, to)) {
            out.add(bytes, from, to);
        } else {
            out.add('"').add(bytes, from, to).add('"');
        }
    }

    /** Whether the client speaks HTTP/2. */
    public boolean http2() {
        return version.equals(HTTP_2);
    }

    /** What the client speaks, as a log has it. */
    public String protocol(boolean http10) {
        return http2() ? "HTTP/2" : http10 ? "HTTP/1.0" : "HTTP/1.1";
    }

    byte[] ownAuthority() {
        return ownAuthority;
    }
}
