package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.http1.BodyReader;
import io.tickstorm.proxy.http1.BodyReader.Chunks;
import io.tickstorm.proxy.http1.Flaw;
import org.jspecify.annotations.Nullable;

/** Finds answers in the bytes that come from an upstream, and passes them on. For one event loop. */
final class AnswerReader {
    private final Worker worker;
    private final UpstreamConnection connection;
    private final BodyReader body = new BodyReader();
    private @Nullable ByteBuf held;
    private boolean headDone;
    private boolean parked;
    private boolean persistent;

    AnswerReader(Worker worker, UpstreamConnection connection) {
        this.worker = worker;
        this.connection = connection;
    }

    /** A request is sent now. */
    void begin() {
        headDone = false;
        parked = false;
        body.startEmpty();
    }

    /** Whether an answer has come whole once the connection ends. */
    boolean endsWithConnection() {
        return headDone && body.untilClose();
    }

    /** Whether an answer is put aside. */
    boolean parked() {
        return parked;
    }

    /** Lets go of what is not read. */
    void release() {
        parked = false;
        if (held != null) {
            held.release();
            held = null;
        }
    }

    /** Takes what has come. */
    void read(Attempt current, ByteBuf more) {
        var in = more;
        if (held != null) {
            in = Buffers.join(connection.context().alloc(), held, more);
            held = null;
        }
        if (parked) {
            held = in;
        } else if (headDone) {
            relay(current, in, 0);
        } else {
            heads(current, in);
        }
    }

    private void heads(Attempt current, ByteBuf in) {
        while (in.isReadable()) {
            var head = worker.response();
            switch (head.parse(in)) {
                case INCOMPLETE -> {
                    held = in;
                    return;
                }
                case FLAWED -> {
                    in.release();
                    refuse(current, head.flaw());
                    return;
                }
                case COMPLETE -> {
                    in.skipBytes(head.length());
                    if (head.status() == 101) {
                        switchProtocols(current, in);
                        return;
                    }
                    if (!head.interim()) {
                        if (current.mayGoElsewhere(head)) {
                            park(current, in.readerIndex(in.readerIndex() - head.length()));
                        } else {
                            finalHead(current, in);
                        }
                        return;
                    }
                    current.answer().interim(head);
                }
            }
        }
        in.release();
    }

    private void refuse(Attempt current, @Nullable Flaw flaw) {
        var found = flaw == null ? Flaw.STATUS_LINE : flaw;
        worker.counters().flaw(found);
        fail(current, "the server's answer is malformed: " + found.reason());
    }

    private void fail(Attempt current, String reason) {
        connection.close();
        current.failed(FailureKind.BAD_RESPONSE, reason);
    }

    private void switchProtocols(Attempt current, ByteBuf rest) {
        if (!current.answer().upgrade()) {
            rest.release();
            refuse(current, Flaw.SWITCHED_UNASKED);
            return;
        }
        connection.done();
        current.switched(worker.response(), connection, rest);
    }

    private void finalHead(Attempt current, ByteBuf in) {
        var head = worker.response();
        headDone = true;
        persistent = head.persistent();
        int hint = head.keepAliveSeconds();
        if (hint >= 0) {
            connection.upstream().keepAlive().hinted(hint);
        }
        boolean recoded = current.answer().recodes(head);
        head.startBody(
                body,
                current.answer().toHead(),
                recoded ? Chunks.UNWRAPPED : current.answer().chunks());
        boolean wrapped = recoded || body.untilClose() && !current.answer().http10();
        int assembled = current.responseHead(head, body, wrapped);
        // one buffer, one write: the assembled head takes the place of the one that came, right before the body
        if (assembled <= head.length() && !wrapped) {
            head.writeBefore(in);
            in.skipBytes(assembled);
            relay(current, in, assembled);
        } else {
            current.client().send(head.write(connection.context().alloc()));
            relay(current, in, 0);
        }
    }

    /**
     * Passes on what belongs to the body.
     *
     * @param headBytes bytes right before the reader index that go with it
     */
    private void relay(Attempt current, ByteBuf in, int headBytes) {
        int before = headBytes;
        while (true) {
            int count = body.next(in);
            if (count == BodyReader.MALFORMED) {
                in.release();
                worker.counters().flaw(Flaw.CHUNK);
                fail(current, Flaw.CHUNK.reason());
                return;
            }
            if (count < 0 && before == 0) {
                in.skipBytes(-count);
                continue;
            }
            int sent = before + Math.max(0, count);
            if (sent == 0) {
                break;
            }
            in.readerIndex(in.readerIndex() - before);
            before = 0;
            if (sent == in.readableBytes()) {
                current.answer().part(in);
                end(current, false);
                return;
            }
            current.answer().part(in.readRetainedSlice(sent));
            if (count < 0) {
                in.skipBytes(-count);
            }
        }
        if (in.isReadable() && !body.ended()) {
            held = in;
            return;
        }
        boolean more = in.isReadable();
        in.release();
        end(current, more);
    }

    /** @param more whether bytes came behind the end of the body */
    private void end(Attempt current, boolean more) {
        if (body.ended() && connection.runs(current)) {
            connection.done();
            current.responded(persistent && !more);
        }
    }

    // An answer that is put aside until it is known whether a better one can be had

    private void park(Attempt current, ByteBuf in) {
        held = in;
        parked = true;
        connection.reading(false);
        current.parked();
    }

    /** It goes to the client after all. */
    void resume(Attempt current) {
        var in = held;
        if (in == null) {
            return;
        }
        held = null;
        parked = false;
        connection.reading(current.client().writable());
        worker.response().parse(in); // others have used it since
        in.skipBytes(worker.response().length());
        finalHead(current, in);
    }

    /** Nobody wants it; true if it had come whole and the upstream goes on with the connection. */
    boolean discard(Attempt current) {
        var in = held;
        held = null;
        parked = false;
        if (in == null) {
            return false;
        }
        var head = worker.response();
        head.parse(in);
        in.skipBytes(head.length());
        head.startBody(body, current.answer().toHead(), current.answer().chunks());
        for (int count = body.next(in); count != 0 && count != BodyReader.MALFORMED; count = body.next(in)) {
            in.skipBytes(Math.abs(count));
        }
        boolean whole = body.ended() && !in.isReadable();
        in.release();
        return whole && head.persistent();
    }
}
