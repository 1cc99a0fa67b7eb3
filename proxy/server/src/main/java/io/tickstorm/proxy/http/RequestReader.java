package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tickstorm.proxy.http1.BodyReader;
import io.tickstorm.proxy.http1.Flaw;
import org.jspecify.annotations.Nullable;

/**
 * Finds the requests in what a client sends: heads, bodies, and what came too early, which waits as bytes. What to do with each
 * is up to the {@link ClientConnection}, whose state says what is expected next.
 */
final class RequestReader {
    private final ClientConnection client;
    private final Worker worker;
    private final BodyReader body = new BodyReader();
    private @Nullable ByteBuf held;
    private boolean headBegan;
    private boolean first = true;

    RequestReader(ClientConnection client, Worker worker) {
        this.client = client;
        this.worker = worker;
    }

    /** Bytes that wait: part of a head, or a request that came before its turn. */
    int held() {
        return held == null ? 0 : held.readableBytes();
    }

    /** Takes what waits; null if nothing does. */
    @Nullable
    ByteBuf take() {
        var taken = held;
        held = null;
        return taken;
    }

    void release() {
        var left = take();
        if (left != null) {
            left.release();
        }
    }

    /** Reads what waited for its turn. */
    void resume() {
        var next = take();
        if (next != null) {
            process(next);
        }
    }

    /** Reads what has come; takes the buffer. */
    void read(ByteBufAllocator allocator, ByteBuf in) {
        var before = take();
        process(before == null ? in : Buffers.join(allocator, before, in));
    }

    private void process(ByteBuf in) {
        @Nullable ByteBuf left = in;
        while (left != null) {
            left = switch (client.state()) {
                case HEAD -> head(left);
                case BODY -> body(left);
                case RESPONSE -> hold(left);
                case LINGER, TUNNEL, CLOSED -> drop(left);
            };
        }
    }

    /** Each of these takes the buffer and gives back what is left of it for the next state; null if that is nothing now. */
    private @Nullable ByteBuf head(ByteBuf in) {
        if (!in.isReadable()) {
            return drop(in);
        }
        if (!headBegan) {
            headBegan = true;
            client.headBegan(first);
            first = false;
        }
        var head = worker.request();
        return switch (head.parse(in)) {
            case INCOMPLETE -> hold(in);
            case FLAWED -> {
                in.release();
                client.refuse(head.flaw());
                yield null;
            }
            case COMPLETE -> {
                in.skipBytes(head.length());
                headBegan = false;
                head.startBody(body);
                client.begin(head, !body.ended());
                yield in;
            }
        };
    }

    private @Nullable ByteBuf body(ByteBuf in) {
        int count = body.next(in);
        if (count == BodyReader.MALFORMED) {
            in.release();
            client.refuseBody(Flaw.CHUNK);
            return null;
        }
        boolean rest = Math.abs(count) < in.readableBytes();
        if (count < 0) {
            in.skipBytes(-count);
        } else if (count > 0) {
            client.part(rest ? in.readRetainedSlice(count) : in);
        }
        client.bodyCame(body.ended());
        if (count > 0 && !rest) {
            return null;
        }
        return in.isReadable() ? in : drop(in);
    }

    private @Nullable ByteBuf hold(ByteBuf in) {
        if (!in.isReadable()) {
            return drop(in);
        }
        held = in;
        client.updateReading();
        return null;
    }

    private static @Nullable ByteBuf drop(ByteBuf in) {
        in.release();
        return null;
    }
}
