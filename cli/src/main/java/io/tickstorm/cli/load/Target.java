package io.tickstorm.cli.load;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a run sends to.
 *
 * @param scheme {@code http} or {@code tickstorm}
 * @param port 1..65535
 * @param path path and query of an HTTP request, beginning with {@code /}; empty for {@code tickstorm}
 */
public record Target(String scheme, String host, int port, String path) {
    private static final int HTTP_PORT = 80;

    /** The port of the wire format. */
    private static final int TICK_STORM_PORT = 8080;

    /** @throws IllegalArgumentException for anything but {@code http://HOST[:PORT][/PATH]} and {@code tickstorm://HOST[:PORT]} */
    public static Target of(String url) {
        var uri = parse(url);
        var scheme = uri.getScheme();
        var host = uri.getHost();
        if (host == null || uri.getUserInfo() != null || uri.getPort() == 0 || uri.getPort() > 0xFFFF) {
            throw unusable(url);
        }
        if ("http".equals(scheme)) {
            var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            var query = uri.getRawQuery() == null ? "" : '?' + uri.getRawQuery();
            return new Target(scheme, host, uri.getPort() < 0 ? HTTP_PORT : uri.getPort(), path + query);
        }
        if ("tickstorm".equals(scheme)
                && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))) {
            return new Target(scheme, host, uri.getPort() < 0 ? TICK_STORM_PORT : uri.getPort(), "");
        }
        throw unusable(url);
    }

    /** Whether this speaks Tick-Storm rather than HTTP. */
    public boolean streams() {
        return scheme.equals("tickstorm");
    }

    /** {@code HOST:PORT}, as a Host header has it. */
    public String authority() {
        return host + ':' + port;
    }

    @Override
    public String toString() {
        return scheme + "://" + authority() + path;
    }

    private static URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("URL: " + e.getMessage(), e);
        }
    }

    private static IllegalArgumentException unusable(String url) {
        return new IllegalArgumentException(
                "URL: " + url + " (expected: http://HOST[:PORT][/PATH] or tickstorm://HOST[:PORT])");
    }
}
