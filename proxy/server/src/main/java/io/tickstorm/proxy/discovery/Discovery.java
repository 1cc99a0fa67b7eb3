package io.tickstorm.proxy.discovery;

import io.tickstorm.proxy.endpoint.EndpointSet;
import java.util.function.Consumer;

/** A source of endpoints. It never blocks an event loop. */
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

    /**
     * Hears that an endpoint that should be there could not be reached, and asks the source again if it might have missed
     * the news: soon, and at most once a second. Any thread but an event loop; returns at once.
     */
    default void doubt() {}

    /** Stops watching; the sink may still get a set that was on its way. */
    void close();
}
