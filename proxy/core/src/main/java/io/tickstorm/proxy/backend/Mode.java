package io.tickstorm.proxy.backend;

/** On what ground upstreams get work; see the package. */
public enum Mode {
    /** Those that nothing holds back. */
    NORMAL,
    /** No ACTIVE endpoint is there: those that are terminating and still serve. */
    DRAINING,
    /** Too few are well: all get work that can be reached. */
    PANIC,
    /** There is no endpoint that serves. */
    EMPTY
}
