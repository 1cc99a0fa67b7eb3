package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.balance.Chooser;
import io.tickstorm.proxy.balance.Exclusion;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.retry.RetrySettings;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The attempts of one request or connection: which upstreams it has been to. For one event loop. */
public final class Attempts implements Exclusion {
    private static final Upstream[] NONE = {};

    private final long key;
    private final @Nullable String target;
    // The first one has a field of its own: most requests need nothing else.
    private @Nullable Upstream first;
    private Upstream[] more = NONE;
    private int made;
    private boolean freeRetryUsed;
    private boolean pays;

    /** Of a request that may go anywhere. */
    public Attempts() {
        this(Chooser.NO_KEY, null);
    }

    /**
     * Of a request that belongs somewhere.
     *
     * @param key as {@link Backend#affinity} asks for it; {@link Chooser#NO_KEY} = none
     * @param target what {@link StickyCookie#target} read from the client's cookie; null = none
     */
    public Attempts(long key, @Nullable String target) {
        this.key = key;
        this.target = target;
    }

    public long key() {
        return key;
    }

    public @Nullable String target() {
        return target;
    }

    /** Attempts that were begun. */
    public int made() {
        return made;
    }

    /** The upstream of the latest attempt; null before the first. */
    public @Nullable Upstream last() {
        return made <= 1 ? first : more[made - 2];
    }

    /** Whether an attempt went to this upstream, or it has no room for one. */
    @Override
    public boolean excludes(Upstream upstream) {
        return upstream.full() || tried(upstream);
    }

    boolean tried(Upstream upstream) {
        if (upstream == first) {
            return true;
        }
        for (int i = 0; i < made - 1; i++) {
            if (more[i] == upstream) {
                return true;
            }
        }
        return false;
    }

    void add(Upstream upstream) {
        if (made == 0) {
            first = upstream;
        } else {
            if (made > more.length) {
                more = Arrays.copyOf(more, Math.max(RetrySettings.DEFAULT.attempts(), 2 * more.length));
            }
            more[made - 1] = upstream;
        }
        made++;
    }

    /** Whether the budget pays for the next one: what {@link Backend#await} wants to know after a retry was denied. */
    public boolean pays() {
        return pays;
    }

    void pays(boolean next) {
        pays = next;
    }

    /** The first retry of a request that was not sent costs no budget; true once. */
    boolean takeFreeRetry() {
        boolean free = !freeRetryUsed;
        freeRetryUsed = true;
        return free;
    }
}
