package io.tickstorm.proxy.http1;

/** How far the bytes of a head have come. */
public enum Parse {
    /** It goes on: more bytes are needed. */
    INCOMPLETE,
    COMPLETE,
    /** It breaks a rule; the head says which: {@code flaw()}. */
    FLAWED
}
