package io.tickstorm.cli;

import io.tickstorm.cli.fleet.Calls;
import io.tickstorm.cli.fleet.Place;

/** A place that a command looks at, and the lines to the proxies there. */
record Opened(Place place, Calls calls) implements AutoCloseable {
    @Override
    public void close() {
        calls.close();
        place.close();
    }
}
