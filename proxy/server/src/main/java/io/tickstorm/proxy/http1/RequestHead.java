package io.tickstorm.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tickstorm.proxy.http1.BodyReader.Chunks;
import io.tickstorm.proxy.listener.ForwardedSettings;
import io.tickstorm.proxy.route.Asking;
import java.net.InetAddress;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The head of a request: parsed, judged, and written again for the server behind us. */
public final class RequestHead extends Head implements Asking {
    private static final byte[] HTTP_1_1 = Words.ascii(" HTTP/1.1\r\n");
    private static final byte[] HOST = Words.ascii("host: ");
    private static final byte[] X_REQUEST_ID = Words.ascii("x-request-id: ");
    private static final byte[] UPGRADE_LINES = Words.ascii("connection: upgrade\r\nupgrade: websocket\r\n");
    private static final byte[] TE_LINES = Words.ascii("connection: te\r\nte: trailers\r\n");
    private static final byte[] TRAILERS = Words.ascii("trailers");
    private static final byte[] CONTINUE = Words.ascii("100-continue");
    private static final byte[] WEBSOCKET = Words.ascii("websocket");

    /** Characters of a client's request id that we take over; a UUID has 36, a W3C trace id 32. */
    private static final int MAX_REQUEST_ID = 128;

    private static final int OWN_LINES = 1024;

    private final RequestLine line;

    private int host;
    private int requestId;
    private boolean upgradesToWebSocket;
    private boolean expectsContinue;
    private boolean takesTrailers;

    public RequestHead(HeadLimits limits) {
        super(limits, OWN_LINES);
        line = new RequestLine(bytes);
    }

    @Override
    int scanLine(int limit) {
        host = -1;
        requestId = -1;
        return line.scan(limit);
    }

    @Override
    @Nullable
    Flaw lineFlaw() {
        return line.flaw();
    }

    @Override
    Flaw tooLarge() {
        return line.end() == 0 ? Flaw.TARGET_TOO_LONG : Flaw.HEAD_TOO_LARGE;
    }

    @Override
    @Nullable
    Flaw judge() {
        expectsContinue = false;
        upgradesToWebSocket = false;
        takesTrailers = false;
        framing.clear();
        connection.clear();
        int authorization = 0;
        int contentType = 0;
        int traces = 0;
        boolean traced = false;
        boolean upgrade = false;
        for (int field = 0; field < fields.count(); field++) {
            @Nullable Flaw found = null;
            switch (fields.name(field)) {
                case OTHER, COOKIE, SET_COOKIE, DATE, TRAILER, VIA -> {}
                case TRACEPARENT -> traces += traceparent(field) ? 1 : 2;
                case TRACESTATE -> traced = true;
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
                case TE -> {
                    takesTrailers |= Words.listHas(bytes, fields.valueStart(field), fields.valueEnd(field), TRAILERS);
                    fields.drop(field);
                }
                case DISGUISED,
                        FORWARDED,
                        HTTP2_SETTINGS,
                        KEEP_ALIVE,
                        PROXY_AUTHENTICATE,
                        PROXY_AUTHORIZATION,
                        PROXY_CONNECTION,
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
        if (traces > 1 || traces == 0 && traced) {
            // without a trace there is none whose state it could be: W3C Trace Context section 4.3
            fields.dropAll(FieldName.TRACEPARENT, true);
            fields.dropAll(FieldName.TRACESTATE, true);
        }
        if (!passesTrailers()) {
            fields.dropAll(FieldName.TRAILER, true);
        }
        // h2c and everything else that is no WebSocket is never passed on: who may switch what is for us to say
        upgradesToWebSocket = upgrade && connection.upgrade() && !line.http10() && line.get() && !hasBody();
        return null;
    }

    private boolean passesTrailers() {
        return framing.chunked() && !connection.nominates();
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

    private boolean traceparent(int field) {
        return TraceContext.valid(bytes, fields.valueStart(field), fields.valueEnd(field));
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

    /** Whether the client takes trailer fields: {@code TE: trailers} (RFC 9110 section 10.1.4). */
    public boolean takesTrailers() {
        return takesTrailers && !line.http10();
    }

    /** Whether it carries an {@code Idempotency-Key}: then its server promises to do it once, however often it comes. */
    public boolean idempotencyKey() {
        int field = fields.named("idempotency-key");
        return field >= 0 && fields.valueStart(field) < fields.valueEnd(field);
    }

    /**
     * The value of the first cookie of this name (RFC 6265 section 5.4), quotes included if it has any. It may be empty.
     *
     * @param name letters count as they are written
     * @return null if there is none; good until the next {@link #parse}
     */
    public @Nullable Text cookie(String name) {
        for (int field = 0; field < fields.count(); field++) {
            if (fields.name(field) == FieldName.COOKIE) {
                var value = Cookies.find(bytes, fields.valueStart(field), fields.valueEnd(field), name);
                if (value != null) {
                    return value;
                }
            }
        }
        return null;
    }

    /**
     * What was asked, of a head that is not passed on: as much as could be read of it. Of one that was, see {@link Asked#of}.
     */
    public Asked asked() {
        if (line.end() == 0 || line.flaw() != null) {
            return Asked.NOTHING;
        }
        return new Asked(
                line.method(), authority(), line.target(), requestId < 0 ? "" : text(requestId), line.http10());
    }

    private String authority() {
        return line.hasAuthority() ? line.authority() : host < 0 ? "" : text(host);
    }

    private String text(int field) {
        return fields.value(field).toString();
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int hostStart() {
        return line.hasAuthority() ? line.authorityStart() : host < 0 ? 0 : fields.valueStart(host);
    }

    @Override
    public int hostEnd() {
        return line.hasAuthority()
                ? Host.withoutPort(bytes, line.authorityStart(), line.authorityEnd())
                : host < 0 ? 0 : Host.withoutPort(bytes, fields.valueStart(host), fields.valueEnd(host));
    }

    @Override
    public int pathStart() {
        return line.pathStart();
    }

    @Override
    public int pathEnd() {
        return line.pathEnd();
    }

    @Override
    public boolean hasHeader(String name) {
        return fields.named(name) >= 0;
    }

    @Override
    public boolean hasHeader(String name, String value) {
        int field = fields.named(name);
        return field >= 0 && fields.valueIs(field, value) && fields.named(name, field + 1) < 0;
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
            body.startChunked(passesTrailers() ? Chunks.WITH_TRAILERS : Chunks.WITHOUT_TRAILERS);
        } else {
            body.startLength(Math.max(0, framing.length()));
        }
    }

    /**
     * What the client says of where the request comes from.
     *
     * @param client its address; it is one of the {@link ForwardedSettings#trusts trusted}
     */
    public Origin origin(ForwardedSettings settings, InetAddress client) {
        return Origin.of(fields, settings, client);
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
        appendVia(via);
        appendRequestId(random);
        if (upgradesToWebSocket) {
            out.add(UPGRADE_LINES);
        } else if (takesTrailers()) {
            out.add(TE_LINES);
        }
        out.endLine();
        return assembled(allocator);
    }

    private void appendVia(Via via) {
        if (line.hasAuthority()) {
            via.appendTo(out, line.http10(), bytes, line.authorityStart(), line.authorityEnd());
        } else if (host >= 0) {
            via.appendTo(out, line.http10(), bytes, fields.valueStart(host), fields.valueEnd(host));
        } else {
            via.appendTo(out, line.http10(), via.ownAuthority(), 0, via.ownAuthority().length);
        }
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
