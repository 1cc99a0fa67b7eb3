package io.tickstorm.cli.importing.haproxy;

import java.io.Serial;

/** A condition that routes of ours cannot say. */
final class InexpressibleException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final String reason;

    InexpressibleException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** For people. */
    String reason() {
        return reason;
    }
}
