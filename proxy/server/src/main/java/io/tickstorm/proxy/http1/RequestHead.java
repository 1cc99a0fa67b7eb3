package io.tickstorm.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request: parsed, judged, and written again for the server behind us.
 *
 * <p>Scratch of one event loop, used for one request after the other: what is needed later must be taken out before the next
 * {@link #parse}.
 */
public final class RequestHead {
    private static final byte[] HTTP_1_1 = Words.ascii(" HTTP/1.1\r\n");
    private static final byte[] HOST = Words.ascii("host: ");
    private static final byte[] X_FORWARDED_HOST = Words.ascii("x-forwarded-host: ");
    private static final byte[] X_REQUEST_ID = Words.ascii("x-request-id: ");
    private static final byte[] UPGRADE_LINES = Words.ascii("connection: upgrade\r\nupgrade: websocket\r\n");
    private static final byte[] CONTINUE = Words.ascii("100-continue");
    private static final byte[] WEBSOCKET = Words.ascii("websocket");

    /** Characters of a client's request id that we take over; a UUID has 36, a W3C trace id 32. */
    private static final int MAX_REQUEST_ID = 128;

    /** Room for the lines of our own, so that the assembly does not grow. */
    private static final int OWN_LINES = 1024;

    private final HeadLimits limits;
    private final byte[] bytes;
    private final RequestLine line;
    private final Fields fields;
    private final Assembly out;
    private final Framing framing = new Framing();
    private final ConnectionField connection = new ConnectionField();

    private int length;
    private int host;
    private int requestId;
    private boolean upgradesToWebSocket;
    private boolean expectsContinue;
    private @Nullable Flaw flaw;

    public RequestHead(HeadLimits limits) {
        this.limits = limits;
        bytes = new byte[limits.bytes()];
        line = new RequestLine(bytes);
        fields = new Fields(bytes, limits.fields());
        out = new Assembly(limits.bytes() + OWN_LINES);
    }

    /** Parses the head that begins at {@code in}'s reader index; reads none of it: see {@link #length()}. */
    public Parse parse(ByteBuf in) {
        int limit = Math.min(in.readableBytes(), bytes.length);
        in.getBytes(in.readerIndex(), bytes, 0, limit);
        flaw = null;
        int end = scan(limit);
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
        flaw = line.end() == 0 ? Flaw.TARGET_TOO_LONG : Flaw.HEAD_TOO_LARGE;
        return Parse.FLAWED;
    }

    private int scan(int limit) {
        int end = line.scan(limit);
        if (end == Fields.FLAWED) {
            flaw = line.flaw();
        }
        if (end <= 0) {
            return end;
        }
        end = fields.scan(end, limit);
        if (end == Fields.FLAWED) {
            flaw = fields.flaw();
        }
        return end;
    }

    private @Nullable Flaw judge() {
        host = -1;
        requestId = -1;
        expectsContinue = false;
        upgradesToWebSocket = false;
        framing.clear();
        connection.clear();
        int authorization = 0;
        int contentType = 0;
        boolean upgrade = false;
        for (int field = 0; field < fields.count(); field++) {
            @Nullable Flaw found = null;
            switch (fields.name(field)) {
                case OTHER, COOKIE, SET_COOKIE, DATE, VIA -> {}
                case HOST -> found = host(field);
                case CONNECTION -> found = connection.read(bytes, fields, field);
                case CONTENT_LENGTH -> found = framing.length(bytes, fields, field);
                case TRANSFER_ENCODING -> found = line.http10() ? Flaw.CODING_IN_1_0 : framing.coding(fields, field);
                case AUTHORIZATION -> found = ++authorization > 1 ? Flaw.FIELD_REPEATED : null;
                case CONTENT_TYPE -> found = ++contentType > 1 ? Flaw.FIELD_REPEATED : null;
                case EXPECT -> found = expect(field);
                case X_REQUEST_ID -> requestId(field);
                case UPGRADE -> {
                    upgrade |= Words.listHas(bytes, fields.valueStart(field), fields.valueEnd(field), WEBSOCKET);
                    fields.drop(field);
                }
                case DISGUISED,
                        FORWARDED,
                        HTTP2_SETTINGS,
                        KEEP_ALIVE,
                        PROXY_AUTHENTICATE,
                        PROXY_AUTHORIZATION,
                        PROXY_CONNECTION,
                        TE,
                        TRAILER,
                        X_FORWARDED,
                        X_REAL_IP -> fields.drop(field);
            }
            if (found != null) {
                return found;
            }
        }
        if (host < 0 && !line.http10()) {
            return Flaw.HOST_MISSING;
        }
        // h2c and everything else that is no WebSocket is never passed on: who may switch what is for us to say
        upgradesToWebSocket = upgrade && connection.upgrade() && !line.http10() && line.get() && !hasBody();
        return null;
    }

    private @Nullable Flaw host(int field) {
        if (host >= 0) {
            return Flaw.HOST_REPEATED;
        }
        host = field;
        return Host.valid(bytes, fields.valueStart(field), fields.valueEnd(field)) ? null : Flaw.HOST;
    }

    private @Nullable Flaw expect(int field) {
        if (line.http10()) {
            fields.drop(field); // RFC 9110 section 10.1.1: to be ignored in HTTP/1.0
            return null;
        }
        expectsContinue = true;
        return fields.valueIs(field, CONTINUE) ? null : Flaw.EXPECTATION;
    }

    private void requestId(int field) {
        fields.drop(field);
        int from = fields.valueStart(field);
        int to = fields.valueEnd(field);
        boolean usable = requestId < 0 && from < to && to - from <= MAX_REQUEST_ID;
        for (int at = from; usable && at < to; at++) {
            usable = Grammar.requestId(bytes[at]);
        }
        if (usable) {
            requestId = field;
        }
    }

    /** Bytes of the head with its blank line, once {@link Parse#COMPLETE}. */
    public int length() {
        return length;
    }

    /** What is wrong, once {@link Parse#FLAWED}. */
    public @Nullable Flaw flaw() {
        return flaw;
    }

    /** Whether the request may be done twice without harm: GET, HEAD, OPTIONS (RFC 9110 section 9.2.1). */
    public boolean safe() {
        return line.safe();
    }

    /** Whether it is a HEAD request, whose answer has no body. */
    public boolean head() {
        return line.head();
    }

    /** Whether it is {@code OPTIONS *}, which is for us and no server behind us. */
    public boolean asksProxy() {
        return line.asterisk();
    }

    public boolean http10() {
        return line.http10();
    }

    /** Whether the client wants to go on using the connection. */
    public boolean persistent() {
        return !connection.close() && (!line.http10() || connection.keepAlive());
    }

    /** Whether the client waits for a 100 before it sends the body. */
    public boolean expectsContinue() {
        return expectsContinue;
    }

    public boolean upgradesToWebSocket() {
        return upgradesToWebSocket;
    }

    public boolean hasBody() {
        return framing.chunked() || framing.length() > 0;
    }

    /** Bytes of the body; -1 if it is chunked, 0 if there is none. */
    public long bodyLength() {
        return framing.chunked() ? -1 : Math.max(0, framing.length());
    }

    /** Makes {@code body} read the body that follows this head. */
    public void startBody(BodyReader body) {
        if (framing.chunked()) {
            body.startChunked(false);
        } else {
            body.startLength(Math.max(0, framing.length()));
        }
    }

    /**
     * The head for the server behind us: origin form, HTTP/1.1, without what concerns only the client's connection, with our own
     * lines.
     *
     * @param random makes the request id where the client has none that is usable
     * @return a buffer that is the caller's
     */
    public ByteBuf forward(Via via, RandomGenerator random, ByteBufAllocator allocator) {
        out.clear();
        line.appendTo(out);
        out.add(HTTP_1_1);
        if (line.hasAuthority()) {
            // the authority of the target overrides Host: RFC 9112 section 3.2.2
            out.add(HOST).add(bytes, line.authorityStart(), line.authorityEnd()).endLine();
            if (host >= 0) {
                fields.drop(host);
            }
        } else if (host < 0) {
            out.add(HOST).add(via.ownAuthority()).endLine();
        }
        fields.appendTo(out);
        framing.appendTo(out);
        out.add(via.lines());
        appendForwardedHost(via);
        appendRequestId(random);
        if (upgradesToWebSocket) {
            out.add(UPGRADE_LINES);
        }
        out.endLine();
        return allocator.directBuffer(out.length()).writeBytes(out.bytes(), 0, out.length());
    }

    private void appendForwardedHost(Via via) {
        out.add(X_FORWARDED_HOST);
        if (line.hasAuthority()) {
            out.add(bytes, line.authorityStart(), line.authorityEnd());
        } else if (host >= 0) {
            out.add(bytes, fields.valueStart(host), fields.valueEnd(host));
        } else {
            out.add(via.ownAuthority());
        }
        out.endLine();
    }

    private void appendRequestId(RandomGenerator random) {
        out.add(X_REQUEST_ID);
        if (requestId >= 0) {
            out.add(bytes, fields.valueStart(requestId), fields.valueEnd(requestId));
        } else {
            out.addHex(random.nextLong()).addHex(random.nextLong());
        }
        out.endLine();
    }
}
