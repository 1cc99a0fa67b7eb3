package io.tickstorm.cli.load;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Locale;
import java.util.Objects;

/** How a request fails. Each failed request counts under exactly one of these. */
public enum Failure {
    /** Nobody listens: the connection was refused. */
    REFUSED("refused"),
    /** The connection was not made in time. */
    CONNECT_TIMEOUT("connect timeout"),
    /** The connection was not made for another reason, such as no route. */
    CONNECT_FAILED("connect failed"),
    /** The connection was reset after the request was begun. */
    RESET("reset"),
    /** The connection was closed after the request was begun and before the first byte of an answer. */
    CLOSED("closed before the answer"),
    /** The connection was closed in the middle of the answer. */
    TRUNCATED("answer cut short"),
    /** The answer did not end in time, the wait for a free connection included. */
    TIMEOUT("timeout"),
    /** The answer is not HTTP/1.1. */
    MALFORMED("malformed answer"),
    STATUS_4XX("status 4xx"),
    STATUS_5XX("status 5xx");

    private final String words;

    Failure(String words) {
        this.words = words;
    }

    /** For a person. */
    public String words() {
        return words;
    }

    /** For a program: the name in camel case, such as {@code closed} or {@code connectTimeout}. */
    public String key() {
        var key = new StringBuilder();
        for (var word : name().toLowerCase(Locale.ROOT).split("_")) {
            key.append(key.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return key.toString();
    }

    /** Why a connection could not be made. */
    static Failure ofConnect(Throwable cause) {
        if (cause instanceof io.netty.channel.ConnectTimeoutException) {
            return CONNECT_TIMEOUT;
        }
        return cause instanceof ConnectException
                        && Objects.requireNonNullElse(cause.getMessage(), "").contains("refused")
                ? REFUSED
                : CONNECT_FAILED;
    }

    /** What an error on an established connection means for the request on it. */
    static Failure ofTransfer(Throwable cause) {
        return cause instanceof IOException ? RESET : MALFORMED;
    }
}
