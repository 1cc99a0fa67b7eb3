package io.tickstorm.proxy.access;

import io.tickstorm.proxy.endpoint.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on an upstream.
 *
 * @param upstream the endpoint's name
 * @param address where it was reached, {@code host:port}
 * @param beganNanos from the beginning of the request to that of the attempt
 * @param connectNanos what connecting took; 0 on a connection that was kept, {@link #NEVER} if none was made
 * @param firstByteNanos from the beginning of the attempt to the first byte of the answer; {@link #NEVER} if none came
 * @param endNanos from the beginning of the attempt to its end
 * @param reused whether it went over a connection that had served before
 * @param failure null if it did not fail
 * @param status of the answer; 0 if there was none, and for TCP
 */
public record Try(
        String upstream,
        String address,
        long beganNanos,
        long connectNanos,
        long firstByteNanos,
        long endNanos,
        boolean reused,
        @Nullable FailureKind failure,
        int status) {
    /** In place of a time: it did not happen. */
    public static final long NEVER = -1;
}
