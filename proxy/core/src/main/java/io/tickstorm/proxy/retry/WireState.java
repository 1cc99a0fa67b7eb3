package io.tickstorm.proxy.retry;

/** How far an attempt had come on the wire when it failed: what the upstream can have seen of it. */
public enum WireState {
    /** Not one byte of the request was given to the upstream's connection. */
    NOTHING_SENT,
    /** At least one byte was written, none of the answer has come: the upstream may have done the work. */
    SENT,
    /** At least one byte of the answer has come. */
    RESPONSE_STARTED
}
