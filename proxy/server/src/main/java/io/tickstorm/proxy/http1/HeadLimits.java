package io.tickstorm.proxy.http1;

/**
 * How large a head may be.
 *
 * @param bytes of the whole head with its blank line; 1 or more
 * @param fields field lines; 1 or more
 */
public record HeadLimits(int bytes, int fields) {
    /** Field lines of a request: Envoy's and HAProxy's default; browsers send about 20. */
    public static final int DEFAULT_FIELDS = 100;

    public HeadLimits {
        if (bytes < 1 || fields < 1) {
            throw new IllegalArgumentException("bytes: " + bytes + ", fields: " + fields + " (expected: 1 or more)");
        }
    }
}
