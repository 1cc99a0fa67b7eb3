package io.tickstorm.proxy.backend;

/** What of a request decides where it goes: {@link Attempts#key} is to be computed from it. */
public sealed interface Affinity {
    /** Nothing: no key is needed. */
    record None() implements Affinity {}

    /** The address of the client. */
    record ClientIp() implements Affinity {}

    /** @param name of the field whose value it is; without one, no key */
    record Header(String name) implements Affinity {}

    /** @param name of the cookie whose value it is; without one, no key */
    record Cookie(String name) implements Affinity {}

    /** A policy that hashes and stickiness exclude each other: see {@link BackendSettings#read}. */
    static Affinity of(BackendSettings settings) {
        var hash = settings.balancing().hash();
        if (hash == null) {
            return settings.stickiness() instanceof StickinessSettings.SourceIp ? new ClientIp() : new None();
        }
        return switch (hash.by()) {
            case CLIENT_IP -> new ClientIp();
            case HEADER -> new Header(hash.name());
            case COOKIE -> new Cookie(hash.name());
        };
    }
}
