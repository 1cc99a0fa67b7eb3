package io.tickstorm.proxy.http;

import io.tickstorm.proxy.backend.Affinity;
import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Lease;
import io.tickstorm.proxy.balance.Chooser;
import io.tickstorm.proxy.balance.HashKey;
import io.tickstorm.proxy.http1.RequestHead;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Which upstream a request belongs to, as its head says, and how the client learns of another one. */
final class Affinities {
    private static final byte[] NO_LINE = {};

    private Affinities() {}

    /** @param request read now; it is gone when the next one is parsed */
    static Attempts attempts(Backend backend, RequestHead request, Peer peer) {
        return new Attempts(key(backend.affinity(), request, peer), target(backend, request));
    }

    private static long key(Affinity affinity, RequestHead request, Peer peer) {
        return switch (affinity) {
            case Affinity.None none -> Chooser.NO_KEY;
            case Affinity.ClientIp clientIp -> peer.key();
            case Affinity.Header header -> key(request.field(header.name()));
            case Affinity.Cookie cookie -> key(request.cookie(cookie.name()));
        };
    }

    private static long key(@Nullable CharSequence value) {
        return value == null ? Chooser.NO_KEY : HashKey.of(value);
    }

    private static @Nullable String target(Backend backend, RequestHead request) {
        var sticky = backend.stickyCookie();
        if (sticky == null) {
            return null;
        }
        var value = request.cookie(sticky.name());
        return value == null ? null : sticky.target(value.toString());
    }

    /** What the answer says beyond what the upstream says: the cookie of a client that has no upstream, or has lost it. */
    static byte[] ownLines(Backend backend, Lease lease) {
        var sticky = backend.stickyCookie();
        if (sticky == null || lease.keptTarget()) {
            return NO_LINE;
        }
        var line = "set-cookie: " + sticky.setCookie(lease.upstream().id()) + "\r\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }
}
