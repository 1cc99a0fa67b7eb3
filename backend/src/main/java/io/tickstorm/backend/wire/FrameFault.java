package io.tickstorm.backend.wire;

import io.tickstorm.backend.protocol.ErrorCode;

/** Bytes that are no frame. What follows them on the same stream means nothing any more. Carries no stack trace. */
public final class FrameFault extends Exception {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final String message;

    FrameFault(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
        this.message = message;
    }

    /** What was found and what was expected; never null. */
    @Override
    public String getMessage() {
        return message;
    }

    /** How the wire format names the fault. */
    public ErrorCode code() {
        return code;
    }
}
