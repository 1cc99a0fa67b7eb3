package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.tickstorm.proxy.http1.Asked;
import io.tickstorm.proxy.retry.WireState;
import org.jspecify.annotations.Nullable;

/**
 * A request as upstreams get it: its head, and as much of its body as an attempt may still need. For one event loop.
 *
 * <p>Everything is kept until a head has left whole. From then on only a request that may be sent again, or that its
 * upstream may refuse to begin with, keeps its body, and only up to a limit.
 */
final class OutgoingRequest {
    /** What may pile up while there is no connection to write it to; then the client is not read. */
    private static final int UNSENT_LIMIT = 64 * 1024;

    /** Buffers kept for another attempt: each may be far larger than the bytes in it. */
    private static final int MAX_KEPT_PARTS = 64;

    /** Of requests without a body: nothing is ever added to it. */
    private static final KeptBody NO_BODY = new KeptBody();

    private final ByteBuf head;
    private final boolean repeatable;
    private final KeptBody kept;
    private boolean ended;
    private boolean refusable;

    /**
     * @param head taken over
     * @param repeatable whether it may be done twice
     * @param ended whether it has no body
     */
    OutgoingRequest(ByteBuf head, boolean repeatable, boolean ended) {
        this.head = head;
        this.repeatable = repeatable;
        this.ended = ended;
        kept = ended ? NO_BODY : new KeptBody();
    }

    /** What it asks for; until it is released. */
    Asked asked() {
        return Asked.of(head);
    }

    /** Whether it may be done twice. */
    boolean repeatable() {
        return repeatable;
    }

    /** Whether the whole request has come. */
    boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** Whether all of the body that has come is still here. */
    boolean replayable() {
        return kept.whole();
    }

    /** Whether more of the body can be taken while there is no connection. */
    boolean takesMore() {
        return kept.bytes() < UNSENT_LIMIT;
    }

    /** Writes what has come so far; it leaves with the next flush. */
    void writeTo(UpstreamConnection connection) {
        refusable = connection.mayRefuse();
        connection.writeHead(head.retainedDuplicate());
        kept.writeTo(connection);
    }

    /** The head has left whole. */
    void sent(long bodyLimit) {
        if (!repeatable && !refusable || !kept.within(bodyLimit, MAX_KEPT_PARTS)) {
            kept.drop();
        }
    }

    /**
     * Takes the next part of the body.
     *
     * @param to where it goes at once; null if there is no connection yet
     * @param wire of the attempt that runs
     */
    void part(ByteBuf part, @Nullable UpstreamConnection to, WireState wire, long bodyLimit) {
        if (to == null) {
            kept.add(part);
        } else if (wire == WireState.NOTHING_SENT) {
            to.write(part.retainedDuplicate());
            kept.add(part);
        } else {
            if (kept.whole()) {
                kept.add(part.retainedDuplicate());
                sent(bodyLimit);
            }
            to.write(part);
        }
    }

    /** Lets all go; may be called again. */
    void release() {
        kept.drop();
        if (head.refCnt() > 0) {
            head.release();
        }
    }
}
