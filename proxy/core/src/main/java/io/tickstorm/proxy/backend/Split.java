package io.tickstorm.proxy.backend;

import java.util.List;

/** Several backends that share what comes in, by weight. Any thread. */
public final class Split {
    private final List<Share> shares;

    /** @param weight relative to the others, 1..1,000,000 */
    public record Share(Backend backend, int weight) {}

    /** @param shares at least one */
    public Split(List<Share> shares) {
        this.shares = List.copyOf(shares);
    }

    /** All of it to one. */
    public static Split to(Backend backend) {
        return new Split(List.of(new Share(backend, 1)));
    }

    /** All that share. */
    public List<Backend> backends() {
        return shares.stream().map(Share::backend).toList();
    }

    /** Who gets the next request or connection. */
    public Backend pick() {
        return shares.getFirst().backend();
    }
}
