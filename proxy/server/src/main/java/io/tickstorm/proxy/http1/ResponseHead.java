package io.tickstorm.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tickstorm.proxy.http1.BodyReader.Chunks;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The head of an upstream's answer: parsed, judged, and written again for the client. */
public final class ResponseHead extends Head {
    private static final byte[] HTTP_1_1 = Words.ascii("HTTP/1.1 ");
    private static final byte[] CLOSE = Words.ascii("connection: close\r\n");
    private static final byte[] KEEP_ALIVE = Words.ascii("connection: keep-alive\r\n");
    private static final byte[] ACCEPT_ENCODING = Words.ascii("accept-encoding");
    private static final byte[] TIMEOUT = Words.ascii("timeout");
    private static final byte[] UPGRADE = Words.ascii("connection: upgrade\r\nupgrade: websocket\r\n");

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

    private static final byte[] NO_LINE = {};

    private final StatusLine line;
    private int keepAlive;
    private boolean dated;

    public ResponseHead(HeadLimits limits) {
        super(limits, OWN_LINES);
        line = new StatusLine(bytes);
    }

    @Override
    int scanLine(int limit) {
        return line.scan(limit);
    }

    @Override
    @Nullable
    Flaw lineFlaw() {
        return line.flaw();
    }

    @Override
    Flaw tooLarge() {
        return Flaw.HEAD_TOO_LARGE;
    }

    @Override
    @Nullable
    Flaw judge() {
        dated = false;
        keepAlive = -1;
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
                        TRACEPARENT,
                        TRACESTATE,
                        VIA,
                        X_FORWARDED,
                        X_REAL_IP,
                        X_REQUEST_ID -> {}
                case DATE -> dated = true;
                case CONNECTION -> found = connection.read(bytes, fields, field);
                case CONTENT_LENGTH -> found = framing.length(bytes, fields, field);
                case TRANSFER_ENCODING -> found = line.http10() ? Flaw.CODING_IN_1_0 : framing.coding(fields, field);
                case KEEP_ALIVE -> {
                    keepAlive = field;
                    fields.drop(field);
                }
                case HTTP2_SETTINGS, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, PROXY_CONNECTION, TE, TRAILER, UPGRADE ->
                    fields.drop(field);
            }
            if (found != null) {
                return found;
            }
        }
        if (status() < 200 || status() == 204) {
            // RFC 9110 section 8.6: there must be none; a client that believes it would wait for a body
            fields.dropAll(FieldName.CONTENT_LENGTH, true);
            framing.clear();
        }
        return null;
    }

    /** 100..599. */
    public int status() {
        return line.status();
    }

    /**
     * How long the upstream says that it keeps an idle connection open: {@code Keep-Alive: timeout=} (RFC 2068 section 19.7.1.1).
     *
     * @return seconds, 0 or more; -1 if it does not say
     */
    public int keepAliveSeconds() {
        return keepAlive < 0
                ? -1
                : Words.parameter(bytes, fields.valueStart(keepAlive), fields.valueEnd(keepAlive), TIMEOUT);
    }

    /**
     * How long the upstream asks to be left alone: {@code Retry-After} (RFC 9110 section 10.2.3).
     *
     * @param now for one that is a date
     * @return zero or more; null if it does not ask, or not understandably
     */
    public @Nullable Duration retryAfter(Instant now) {
        int field = fields.named("retry-after");
        if (field < 0) {
            return null;
        }
        int seconds = Words.decimal(bytes, fields.valueStart(field), fields.valueEnd(field));
        if (seconds >= 0) {
            return Duration.ofSeconds(seconds);
        }
        try {
            var date = DateTimeFormatter.RFC_1123_DATE_TIME.parse(fields.value(field), Instant::from);
            var left = Duration.between(now, date);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** Whether another answer to the same request follows: 1xx, but not 101, which is the last. */
    public boolean interim() {
        return status() < 200 && status() != 101;
    }

    /** Whether the upstream keeps its connection open. */
    public boolean persistent() {
        // HTTP/1.0 upstreams that say keep-alive exist, but none that is worth the risk of a wrong framing
        return !connection.close() && !line.http10();
    }

    /** Whether the body ends with the connection: the only framing that a client of HTTP/1.1 is not shown. */
    public boolean untilClose() {
        return !framing.chunked() && framing.length() < 0;
    }

    /** Bytes of the body as its head says; -1 if it does not. */
    public long bodyLength() {
        return framing.chunked() ? -1 : framing.length();
    }

    /** Whether caches are told already that the answer depends on Accept-Encoding. */
    public boolean variesByEncoding() {
        for (int field = fields.named("vary"); field >= 0; field = fields.named("vary", field + 1)) {
            if (Words.listHas(bytes, fields.valueStart(field), fields.valueEnd(field), ACCEPT_ENCODING)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Leaves out what holds only for the body as it came: its length, and that parts of it can be had. An entity tag becomes a
     * weak one (RFC 9110 section 8.8.1): the body is no longer the same byte for byte.
     *
     * @return the entity tag's new value; null if there is none, or it stays
     */
    public @Nullable String recoded() {
        fields.dropAll(FieldName.CONTENT_LENGTH, true);
        drop("accept-ranges");
        int tag = fields.named("etag");
        if (tag < 0 || bytes[fields.valueStart(tag)] != '"') {
            return null;
        }
        fields.drop(tag);
        return "W/" + fields.value(tag);
    }

    private void drop(String name) {
        int field = fields.named(name);
        if (field >= 0) {
            fields.drop(field);
        }
    }

    /** Whether the body comes in chunks. */
    public boolean chunked() {
        return framing.chunked();
    }

    /**
     * Makes {@code body} read the body that follows this head: RFC 9112 section 6.3.
     *
     * @param toHead whether the request was HEAD
     * @param chunks how a chunked body goes on
     */
    public void startBody(BodyReader body, boolean toHead, Chunks chunks) {
        if (toHead || status() < 200 || status() == 204 || status() == 304) {
            body.startEmpty();
        } else if (framing.chunked()) {
            boolean trailers = chunks == Chunks.WITH_TRAILERS && !connection.nominates();
            fields.dropAll(FieldName.TRAILER, !trailers);
            body.startChunked(chunks == Chunks.WITH_TRAILERS && !trailers ? Chunks.WITHOUT_TRAILERS : chunks);
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
        return assemble(persistence, chunked, dateLine, NO_LINE);
    }

    /**
     * As {@link #assemble(Persistence, boolean, byte[])}, with field lines of ours.
     *
     * @param ownLines whole lines with their ends
     */
    public int assemble(Persistence persistence, boolean chunked, byte[] dateLine, byte[] ownLines) {
        out.clear().add(HTTP_1_1);
        line.appendTo(out);
        out.endLine();
        fields.appendTo(out);
        if (chunked) {
            Framing.appendCoding(out);
        } else if (!framing.chunked()) {
            framing.appendTo(out);
        }
        if (!dated && status() >= 200) {
            out.add(dateLine);
        }
        out.add(ownLines);
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
        return assembled(allocator);
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
