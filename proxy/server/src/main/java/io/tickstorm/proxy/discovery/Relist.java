package io.tickstorm.proxy.discovery;

/** Why a source was asked out of turn. */
public enum Relist {
    /** An endpoint that should be there could not be reached. */
    UNREACHABLE,
    /** Endpoints disappeared that had not been leaving, or all of them. */
    VANISHED,
    /** The source had changed without a word from the watch, which was begun anew. */
    MISSED
}
