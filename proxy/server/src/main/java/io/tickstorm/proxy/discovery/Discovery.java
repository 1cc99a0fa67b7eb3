package io.tickstorm.proxy.discovery;

import io.tickstorm.proxy.endpoint.EndpointSet;
import java.util.function.Consumer;

/** A source of endpoints. It reads on threads of its own, never on an event loop. */
public interface Discovery {
    /**
     * Begins to watch; call once. Returns at once, also if the source cannot be reached yet.
     *
     * @param sink gets every set that differs from the one before, one at a time and in order, on a thread of this
     *     source; must not block
     */
    void start(Consumer<EndpointSet> sink);

    /** Any thread; changes as the source is watched. */
    DiscoveryStatus status();

    /** Stops watching; the sink may still get a set that was on its way. */
    void close();
}
