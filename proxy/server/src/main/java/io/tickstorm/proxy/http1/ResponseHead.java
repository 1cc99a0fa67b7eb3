package io.tickstorm.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The head of an upstream's answer: parsed, judged, and written again for the client.
 *
 * <p>Scratch of one event loop, used for one answer after the other: what is needed later must be taken out before the next
 * {@link #parse}.
 */
public final class ResponseHead {
    private static final byte[] HTTP_1_1 = Words.ascii("HTTP/1.1 ");
    private static final byte[] VERSION = Words.ascii("HTTP/1.");
    private static final byte[] CLOSE = Words.ascii("connection: close\r\n");
    private static final byte[] KEEP_ALIVE = Words.ascii("connection: keep-alive\r\n");
    private static final byte[] UPGRADE = Words.ascii("connection: upgrade\r\nupgrade: websocket\r\n");

    /** {@code HTTP/1.1 200}: the shortest status line; servers leave out the SP before an empty reason. */
    private static final int STATUS_END = 12;

    private static final int STATUS_START = 9;
    private static final int OWN_LINES = 256;

    /** What the client's connection is for after this answer, as its Connection field says. */
    public enum Persistence {
        /** It goes on, as is understood in HTTP/1.1. */
        UNDERSTOOD,
        /** It goes on, and the client is of HTTP/1.0, where that must be said. */
        KEEP_ALIVE,
        CLOSE,
        /** It becomes a WebSocket. */
        UPGRADE
    }

    private final HeadLimits limits;
    private final byte[] bytes;
    private final Fields fields;
    private final Assembly out;
    private final Framing framing = new Framing();
    private final ConnectionField connection = new ConnectionField();

    private int length;
    private int status;
    private int reasonStart;
    private int reasonEnd;
    private boolean http10;
    private boolean dated;
    private @Nullable Flaw flaw;

    public ResponseHead(HeadLimits limits) {
        this.limits = limits;
        bytes = new byte[limits.bytes()];
        fields = new Fields(bytes, limits.fields());
        out = new Assembly(limits.bytes() + OWN_LINES);
    }

    /** Parses the head that begins at {@code in}'s reader index; reads none of it: see {@link #length()}. */
    public Parse parse(ByteBuf in) {
        int limit = Math.min(in.readableBytes(), bytes.length);
        in.getBytes(in.readerIndex(), bytes, 0, limit);
        flaw = null;
        int end = statusLine(limit);
        if (end > 0) {
            end = fields.scan(end, limit);
            if (end == Fields.FLAWED) {
                flaw = fields.flaw();
            }
        }
        if (end == Fields.FLAWED) {
            return Parse.FLAWED;
        }
        if (end != Fields.INCOMPLETE) {
            length = end;
            flaw = judge();
            return flaw == null ? Parse.COMPLETE : Parse.FLAWED;
        }
        if (in.readableBytes() < limits.bytes()) {
            return Parse.INCOMPLETE;
        }
        flaw = Flaw.HEAD_TOO_LARGE;
        return Parse.FLAWED;
    }

    private int statusLine(int limit) {
        int at = 0;
        while (at < limit && Grammar.value(bytes[at])) {
            at++;
        }
        if (at < limit && bytes[at] != Grammar.CR) {
            return flawed(bytes[at] == Grammar.LF ? Flaw.BARE_LF : Flaw.STATUS_LINE);
        }
        if (at + 1 >= limit) {
            return Fields.INCOMPLETE;
        }
        if (bytes[at + 1] != Grammar.LF) {
            return flawed(Flaw.BARE_CR);
        }
        return status(at) ? at + 2 : flawed(Flaw.STATUS_LINE);
    }

    private boolean status(int lineEnd) {
        boolean wellFormed = lineEnd >= STATUS_END
                && Grammar.exactly(bytes, 0, VERSION.length, VERSION)
                && Grammar.digit(bytes[7])
                && bytes[8] == Grammar.SP
                && bytes[9] >= '1'
                && bytes[9] <= '5'
                && Grammar.digit(bytes[10])
                && Grammar.digit(bytes[11])
                && (lineEnd == STATUS_END || bytes[STATUS_END] == Grammar.SP);
        if (!wellFormed) {
            return false;
        }
        http10 = bytes[7] == '0';
        status = (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
        reasonStart = Math.min(STATUS_END + 1, lineEnd);
        reasonEnd = lineEnd;
        return true;
    }

    private int flawed(Flaw found) {
        flaw = found;
        return Fields.FLAWED;
    }

    private @Nullable Flaw judge() {
        dated = false;
        framing.clear();
        connection.clear();
        for (int field = 0; field < fields.count(); field++) {
            @Nullable Flaw found = null;
            switch (fields.name(field)) {
                case OTHER,
                        AUTHORIZATION,
                        CONTENT_TYPE,
                        COOKIE,
                        DISGUISED,
                        EXPECT,
                        FORWARDED,
                        HOST,
                        SET_COOKIE,
                        VIA,
                        X_FORWARDED,
                        X_REAL_IP,
                        X_REQUEST_ID -> {}
                case DATE -> dated = true;
                case CONNECTION -> found = connection.read(bytes, fields, field);
                case CONTENT_LENGTH -> found = framing.length(bytes, fields, field);
                case TRANSFER_ENCODING -> found = http10 ? Flaw.CODING_IN_1_0 : framing.coding(fields, field);
                case HTTP2_SETTINGS,
                        KEEP_ALIVE,
                        PROXY_AUTHENTICATE,
                        PROXY_AUTHORIZATION,
                        PROXY_CONNECTION,
                        TE,
                        TRAILER,
                        UPGRADE -> fields.drop(field);
            }
            if (found != null) {
                return found;
            }
        }
        if (status < 200 || status == 204) {
            dropLength(); // RFC 9110 section 8.6: there must be none; a client that believes it would wait for a body
        }
        return null;
    }

    private void dropLength() {
        for (int field = 0; field < fields.count(); field++) {
            if (fields.name(field) == FieldName.CONTENT_LENGTH) {
                fields.drop(field);
            }
        }
        framing.clear();
    }

    /** Bytes of the head with its blank line, once {@link Parse#COMPLETE}. */
    public int length() {
        return length;
    }

    /** What is wrong, once {@link Parse#FLAWED}. */
    public @Nullable Flaw flaw() {
        return flaw;
    }

    /** 100..599. */
    public int status() {
        return status;
    }

    /** Whether another answer to the same request follows: 1xx, but not 101, which is the last. */
    public boolean interim() {
        return status < 200 && status != 101;
    }

    /** Whether the upstream keeps its connection open. */
    public boolean persistent() {
        // HTTP/1.0 upstreams that say keep-alive exist, but none that is worth the risk of a wrong framing
        return !connection.close() && !http10;
    }

    /** Whether the body ends with the connection: the only framing that a client of HTTP/1.1 is not shown. */
    public boolean untilClose() {
        return !framing.chunked() && framing.length() < 0;
    }

    /** Whether the body comes in chunks. */
    public boolean chunked() {
        return framing.chunked();
    }

    /**
     * Makes {@code body} read the body that follows this head: RFC 9112 section 6.3.
     *
     * @param toHead whether the request was HEAD
     * @param unwrap whether a chunked body goes on without its chunks
     */
    public void startBody(BodyReader body, boolean toHead, boolean unwrap) {
        if (toHead || status < 200 || status == 204 || status == 304) {
            body.startEmpty();
        } else if (framing.chunked()) {
            body.startChunked(unwrap);
        } else if (framing.length() >= 0) {
            body.startLength(framing.length());
        } else {
            body.startUntilClose();
        }
    }

    /**
     * Assembles the head for the client; {@link #write} or {@link #writeBefore} then puts it into a buffer.
     *
     * @param chunked whether the client gets the body in chunks
     * @param dateLine what is added where the upstream gave no date: {@code date: …} with its line end (RFC 9110 section 6.6.1)
     * @return the number of bytes assembled
     */
    public int assemble(Persistence persistence, boolean chunked, byte[] dateLine) {
        out.clear().add(HTTP_1_1).add(bytes, STATUS_START, STATUS_END).add(' ').add(bytes, reasonStart, reasonEnd);
        out.endLine();
        fields.appendTo(out);
        if (chunked) {
            Framing.appendCoding(out);
        } else if (!framing.chunked()) {
            framing.appendTo(out);
        }
        if (!dated && status >= 200) {
            out.add(dateLine);
        }
        switch (persistence) {
            case UNDERSTOOD -> {}
            case KEEP_ALIVE -> out.add(KEEP_ALIVE);
            case CLOSE -> out.add(CLOSE);
            case UPGRADE -> out.add(UPGRADE);
        }
        return out.endLine().length();
    }

    /** Puts what was assembled into a buffer of its own, which is the caller's. */
    public ByteBuf write(ByteBufAllocator allocator) {
        return allocator.directBuffer(out.length()).writeBytes(out.bytes(), 0, out.length());
    }

    /**
     * Puts what was assembled right before {@code in}'s reader index, over the head as it came, and moves the reader index to
     * its start, so that head and body leave in one piece.
     *
     * @param in a buffer that nobody else reads, with this head read: the reader index is at least the length
     *     assembled
     */
    public void writeBefore(ByteBuf in) {
        int start = in.readerIndex() - out.length();
        in.setBytes(start, out.bytes(), 0, out.length());
        in.readerIndex(start);
    }
}
