package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.balance.Exclusion;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.retry.RetrySettings;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The attempts of one request or connection: which upstreams it has been to. For one event loop. */
public final class Attempts implements Exclusion {
    private static final Upstream[] NONE = {};

    // The first one has a field of its own: most requests need nothing else.
    private @Nullable Upstream first;
    private Upstream[] more = NONE;
    private int made;
    private boolean freeRetryUsed;

    /** Attempts that were begun. */
    public int made() {
        return made;
    }

    /** The upstream of the latest attempt; null before the first. */
    public @Nullable Upstream last() {
        return made <= 1 ? first : more[made - 2];
    }

    /** Whether an attempt went to this upstream. */
    @Override
    public boolean excludes(Upstream upstream) {
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

    /** The first retry of a request that was not sent costs no budget; true once. */
    boolean takeFreeRetry() {
        boolean free = !freeRetryUsed;
        freeRetryUsed = true;
        return free;
    }
}
