package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The parts of a request's body that have come, kept as long as the request may have to be sent again. For one event loop. */
final class KeptBody {
    // Most requests have no body.
    private @Nullable ArrayDeque<ByteBuf> parts;
    private long bytes;
    private boolean whole = true;

    /** Takes the next part over; nothing is kept of a body that is not {@link #whole}. */
    void add(ByteBuf part) {
        if (!whole) {
            throw new IllegalStateException("a part is kept of a body whose beginning is gone");
        }
        if (parts == null) {
            parts = new ArrayDeque<>();
        }
        bytes += part.readableBytes();
        parts.addLast(part);
    }

    /** Whether everything that has come is here; true if nothing has. */
    boolean whole() {
        return whole;
    }

    long bytes() {
        return bytes;
    }

    boolean within(long maxBytes, int maxParts) {
        return parts == null || (bytes <= maxBytes && parts.size() <= maxParts);
    }

    /** Writes all parts and keeps them. */
    void writeTo(UpstreamConnection connection) {
        if (parts != null) {
            for (var part : parts) {
                connection.write(part.retainedDuplicate());
            }
        }
    }

    /** Lets all go; what comes from now on is not kept. A body of which nothing has come stays whole. */
    void drop() {
        if (parts != null) {
            whole = false;
            parts.forEach(ByteBuf::release);
            parts = null;
            bytes = 0;
        }
    }
}
