package io.tickstorm.proxy.backend;

/** On what ground upstreams get work; see the package. */
public enum Mode {
    /** Those that nothing holds back. */
    NORMAL,
    /** No ACTIVE endpoint is there: those that are terminating and still serve. */
    DRAINING,
    /** Only circuit breakers hold back the last ones: they are overruled. */
    SPARED,
    /** All are held back: all get work. */
    PANIC,
    /** There is no endpoint at all. */
    EMPTY;

    /** Whether circuit breakers are asked before each attempt. */
    boolean heedsBreakers() {
        return this == NORMAL || this == DRAINING;
    }
}
