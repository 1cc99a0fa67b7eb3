package io.tickstorm.cli.fleet;

import java.net.URI;

/** A way to a port of a proxy. */
public interface Line extends AutoCloseable {
    /** Where to send requests, without a path. */
    URI base();

    /** Why nothing came through it, as far as the line itself knows; empty if it knows of nothing. */
    String trouble();

    @Override
    void close();

    /** To a port of this machine. */
    static Line to(URI base) {
        return new Line() {
            @Override
            public URI base() {
                return base;
            }

            @Override
            public String trouble() {
                return "";
            }

            @Override
            public void close() {
                // Nothing was opened.
            }
        };
    }
}
