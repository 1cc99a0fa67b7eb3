package io.tickstorm.proxy.discovery;

import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointSet;
import java.util.ArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is believed of what a watch and lists show. What comes and what changes is believed at once; what disappears without
 * having been seen to leave needs a list that says the same:
 *
 * <ul>
 *   <li>An endpoint is moved from one slice to another by two events, and between them it is in none.
 *   <li>An empty set cuts all traffic off, so it takes one list, and two after a failure: a server that has just come back
 *       may not know yet what it will know in a moment.
 * </ul>
 *
 * Pods that are ended in the usual way are first seen terminating, so they never wait for a list. For one thread at a time.
 */
final class Belief {
    private static final int EMPTY_LISTS_AFTER_FAILURE = 2;

    private @Nullable EndpointSet believed;
    private boolean shaken;
    private int emptyLists;

    /**
     * @param set what is to be used from now on; null = what was used before
     * @param open whether a list has to confirm something
     */
    record Verdict(@Nullable EndpointSet set, boolean open) {}

    /** The source could not be asked. */
    void failed() {
        shaken = true;
        emptyLists = 0;
    }

    /** What an event has made of the set. */
    Verdict watched(EndpointSet seen) {
        var before = believed;
        if (before == null) {
            return listed(seen);
        }
        if (seen.endpoints().isEmpty()) {
            return new Verdict(null, !before.endpoints().isEmpty());
        }
        var addresses = seen.endpoints().stream()
                .map(endpoint -> endpoint.id().address())
                .collect(Collectors.toSet());
        // An address that has passed to another pod is not that of the one before any more.
        var vanished = before.endpoints().stream()
                .filter(endpoint -> endpoint.condition() == Condition.ACTIVE)
                .filter(endpoint -> !addresses.contains(endpoint.id().address()))
                .toList();
        var kept = new ArrayList<Endpoint>(seen.endpoints());
        kept.addAll(vanished);
        return new Verdict(take(new EndpointSet(kept)), !vanished.isEmpty());
    }

    /** What a complete list shows. */
    Verdict listed(EndpointSet seen) {
        if (seen.endpoints().isEmpty() && shaken && ++emptyLists < EMPTY_LISTS_AFTER_FAILURE) {
            return new Verdict(null, true);
        }
        shaken = false;
        emptyLists = 0;
        return new Verdict(take(seen), false);
    }

    private @Nullable EndpointSet take(EndpointSet set) {
        if (set.equals(believed)) {
            return null;
        }
        believed = set;
        return set;
    }
}
