package io.tickstorm.proxy.admin;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask, and who may change anything.
 *
 * <p>The port is on loopback by default, which keeps other machines away but not the browser of whoever sits at this one: a web
 * page can make it send requests here. Against that stand two rules. A page that had its own name resolve to this address (DNS
 * rebinding) could read answers; so the Host field must be an IP address, {@code localhost} or the name that the configuration has.
 * A page could send a form here (CSRF); so every change needs a field that no form can carry and no script of another origin may add
 * without a consent that we never give: the token, or {@value #HEADER} where there is none.
 */
final class Guard {
    static final String HEADER = "X-Tickstorm-Admin";
    private static final String BEARER = "Bearer ";
    private static final String LOCALHOST = "localhost";

    private final String address;
    private final @Nullable Path tokenFile;

    /** @param address what the port is bound to, as the configuration has it */
    Guard(String address, @Nullable Path tokenFile) {
        this.address = address;
        this.tokenFile = tokenFile;
    }

    boolean needsToken() {
        return tokenFile != null;
    }

    /** @throws Refusal if this request did not mean us */
    void admit(HttpServerRequest request) {
        var authority = request.authority();
        var host = authority == null ? "" : authority.host().toLowerCase(Locale.ROOT);
        if (!host.equals(LOCALHOST) && !host.equals(address.toLowerCase(Locale.ROOT)) && !literal(host)) {
            throw new Refusal(
                    Refusal.MISDIRECTED,
                    "Host: " + (host.isEmpty() ? "nothing" : host) + " (expected: an IP address or localhost)");
        }
    }

    /**
     * A page of another place could not read what it is told, but could keep others from being told anything by taking all the places
     * there are.
     *
     * @throws Refusal if the page that asks is not ours
     */
    void admitPage(HttpServerRequest request) {
        var origin = request.getHeader("Origin");
        var authority = request.authority();
        var site = request.getHeader("Sec-Fetch-Site");
        if (origin != null && (authority == null || !origin.equalsIgnoreCase("http://" + authority))
                || site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw new Refusal(
                    Refusal.FORBIDDEN, "Origin: " + (origin == null ? site : origin) + " (expected: our own page)");
        }
    }

    /**
     * Blocks while the token is read.
     *
     * @throws Refusal if it may change nothing
     */
    void admitChange(HttpServerRequest request) {
        if (tokenFile == null) {
            admitWithoutToken(request);
            return;
        }
        var given = request.getHeader("Authorization");
        if (given == null || !given.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new Refusal(
                    Refusal.UNAUTHORIZED, "Authorization: missing (expected: Bearer and the token in admin.tokenFile)");
        }
        if (!same(given.substring(BEARER.length()).strip(), token(tokenFile))) {
            throw new Refusal(
                    Refusal.UNAUTHORIZED, "Authorization: another token (expected: the one in admin.tokenFile)");
        }
    }

    private static void admitWithoutToken(HttpServerRequest request) {
        var from =
                request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
        if (from == null || !NetUtil.isValidIpV4Address(from) && !NetUtil.isValidIpV6Address(from) || !loopback(from)) {
            throw new Refusal(
                    Refusal.FORBIDDEN,
                    "from " + from + " (expected: from this machine, as long as there is no admin.tokenFile)");
        }
        if (request.getHeader(HEADER) == null) {
            throw new Refusal(
                    Refusal.FORBIDDEN, HEADER + ": missing (expected: any value, to show that no web page sent this)");
        }
    }

    private static boolean loopback(String address) {
        return InetAddress.ofLiteral(address).isLoopbackAddress();
    }

    private static boolean literal(String host) {
        var bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return NetUtil.isValidIpV4Address(bare) || NetUtil.isValidIpV6Address(bare);
    }

    private static String token(Path file) {
        try (var lines = Files.lines(file)) {
            var token = lines.findFirst().orElse("").strip();
            if (!token.isEmpty()) {
                return token;
            }
        } catch (IOException | UncheckedIOException e) {
            throw new Refusal(Refusal.UNAVAILABLE, "admin.tokenFile: " + file + " cannot be read: " + e);
        }
        throw new Refusal(
                Refusal.UNAVAILABLE, "admin.tokenFile: " + file + " is empty (expected: a token in its first line)");
    }

    /** In a time that tells nothing of how much of it is right. */
    private static boolean same(String given, String token) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }
}
