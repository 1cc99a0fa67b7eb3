package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.endpoint.Upstream;

/**
 * What the silence watch has heard of one upstream, look by look. For one look at a time; only {@link #from} and the
 * readings may come from elsewhere.
 */
final class Sounds {
    private final Upstream upstream;
    private volatile long lastSound;
    private volatile long lastHeard;
    private int looksSinceTold;
    private int nextTelling;

    Sounds(Upstream upstream, long now) {
        this.upstream = upstream;
        this.lastSound = now;
        this.lastHeard = now;
    }

    /** Whether something was heard of it since this was asked last. What nothing is awaited of is not silent. */
    boolean listen(long now) {
        boolean heard = upstream.replies().heardSince();
        if (heard) {
            lastHeard = now;
        }
        if (heard || upstream.replies().awaited() <= 0) {
            lastSound = now;
        }
        return heard;
    }

    /** What was before does not count: nobody has listened, or another time begins for it. */
    void from(long now) {
        lastSound = now;
    }

    /** Since when it is silent. */
    long last() {
        return lastSound;
    }

    boolean heardAfter(long time) {
        return lastHeard - time > 0;
    }

    /** What waits for it is told to go elsewhere. */
    void told() {
        looksSinceTold = 0;
        nextTelling = 1;
    }

    /**
     * Another look has found it silent, and answers awaited all the same. True at the first, second, fourth, eighth … such
     * look: an attempt that was just on its way when it was told has missed that, one that must not be sent twice stays.
     */
    boolean tellsAgain() {
        boolean again = ++looksSinceTold == nextTelling;
        nextTelling *= again ? 2 : 1;
        return again;
    }
}
