package io.tickstorm.backend.stream;

import io.tickstorm.backend.protocol.ErrorCode;

/** What an error code means, in words. */
final class ErrorMessages {
    private ErrorMessages() {}

    static String of(ErrorCode code) {
        return switch (code) {
            case ERROR_CODE_INVALID_AUTH -> "Invalid credentials";
            case ERROR_CODE_AUTH_REQUIRED -> "Authentication required";
            case ERROR_CODE_ALREADY_AUTHENTICATED -> "Already authenticated";
            case ERROR_CODE_INVALID_SUBSCRIPTION -> "Invalid subscription";
            case ERROR_CODE_ALREADY_SUBSCRIBED -> "Already subscribed";
            case ERROR_CODE_NOT_SUBSCRIBED -> "Not subscribed";
            case ERROR_CODE_HEARTBEAT_TIMEOUT -> "Heartbeat timeout";
            case ERROR_CODE_INVALID_MESSAGE -> "Invalid message";
            case ERROR_CODE_CHECKSUM_FAILED -> "Checksum failed";
            case ERROR_CODE_PROTOCOL_VERSION -> "Unsupported protocol version";
            case ERROR_CODE_MESSAGE_TOO_LARGE -> "Message too large";
            case ERROR_CODE_RATE_LIMITED -> "Rate limited";
            case ERROR_CODE_INTERNAL_ERROR, ERROR_CODE_UNSPECIFIED, UNRECOGNIZED -> "Internal error";
        };
    }
}
