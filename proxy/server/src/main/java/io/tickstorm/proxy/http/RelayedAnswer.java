package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tickstorm.proxy.gzip.Gzip;
import io.tickstorm.proxy.http1.BodyReader;
import io.tickstorm.proxy.http1.BodyReader.Chunks;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.http1.ResponseHead;
import io.tickstorm.proxy.http1.ResponseHead.Persistence;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An upstream's answer on its way to the client, in the form that this client understands. For one event loop. */
final class RelayedAnswer {
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ClientConnection client;
    private final Worker worker;
    private final boolean toHead;
    private final boolean http10;
    private final Chunks chunks;
    private final boolean expectsContinue;
    private final boolean upgrade;
    private final boolean persistent;
    private final @Nullable Coding coding;

    private @Nullable Gzip gzip;
    private boolean begun;
    private boolean closes;
    private boolean wrapped;
    private int status;

    /** @param request read now; it is gone when the next one is parsed */
    RelayedAnswer(ClientConnection client, Worker worker, RequestHead request) {
        this.client = client;
        this.worker = worker;
        toHead = request.head();
        http10 = request.http10();
        boolean takesTrailers = request.takesTrailers() || client.peer().via().http2();
        chunks = http10 ? Chunks.UNWRAPPED : takesTrailers ? Chunks.WITH_TRAILERS : Chunks.WITHOUT_TRAILERS;
        expectsContinue = request.expectsContinue();
        upgrade = request.upgradesToWebSocket();
        persistent = request.persistent();
        coding = Coding.of(request, worker.listening().compression());
    }

    boolean toHead() {
        return toHead;
    }

    boolean http10() {
        return http10;
    }

    /** How the client gets a chunked body. */
    Chunks chunks() {
        return chunks;
    }

    /** Whether the client asked for a WebSocket. */
    boolean upgrade() {
        return upgrade;
    }

    /** Whether the head of the final answer has gone to the client. */
    boolean begun() {
        return begun;
    }

    /** Whether the client's connection ends with it; once it has {@link #begun}. */
    boolean closes() {
        return closes;
    }

    /** Of the final answer; 0 before it has {@link #begun}. */
    int status() {
        return status;
    }

    /** A 1xx: passed on to who can understand it. */
    void interim(ResponseHead interim) {
        if (!http10 && (interim.status() != 100 || expectsContinue)) {
            interim.assemble(Persistence.UNDERSTOOD, false, CRLF);
            client.send(interim.write(client.allocator()));
        }
    }

    /** Whether the body behind this head is sent in another coding than it comes in; asked once, before {@link #head}. */
    boolean recodes(ResponseHead response) {
        gzip = coding == null ? null : coding.gzip(response, worker);
        return gzip != null;
    }

    /**
     * The head of the final answer has come and is to be sent by the caller.
     *
     * @param wraps whether a body that ends with the connection is put into chunks
     * @param whole whether the request has come whole
     * @param ownLines field lines that we add
     * @return the length of the head assembled
     */
    int head(ResponseHead response, BodyReader body, boolean wraps, boolean whole, byte[] ownLines) {
        begun = true;
        wrapped = wraps;
        status = response.status();
        worker.counters().response(status);
        boolean endless = http10 && !body.ended() && (body.untilClose() || response.chunked());
        closes = endless || !persistent || !whole || worker.listening().closing();
        var persistence = closes ? Persistence.CLOSE : http10 ? Persistence.KEEP_ALIVE : Persistence.UNDERSTOOD;
        boolean chunked = wraps || response.chunked() && !http10 && status != 304;
        var lines = coding == null ? ownLines : join(ownLines, coding.lines(response, gzip != null));
        return response.assemble(persistence, chunked, worker.dateLine(), lines);
    }

    private static byte[] join(byte[] one, byte[] other) {
        if (one.length == 0 || other.length == 0) {
            return one.length == 0 ? other : one;
        }
        var both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** A part of the body, or of head and body. */
    void part(ByteBuf part) {
        if (!wrapped) {
            client.send(part);
        } else if (gzip == null) {
            chunk(part);
        } else {
            chunk(gzip.part(part, client.allocator()));
        }
    }

    private void chunk(ByteBuf part) {
        var size = client.allocator().directBuffer(10);
        size.writeCharSequence(Integer.toHexString(part.readableBytes()) + "\r\n", StandardCharsets.US_ASCII);
        client.send(size);
        client.send(part);
        client.send(Unpooled.wrappedBuffer(CRLF));
    }

    /** The body has come whole. */
    void end() {
        if (gzip != null) {
            chunk(gzip.end(client.allocator()));
        }
        if (wrapped) {
            client.send(Unpooled.wrappedBuffer(LAST_CHUNK));
        }
    }

    /** Lets go of what it holds, whether the body has come whole or not; may be called again. */
    void release() {
        if (gzip != null) {
            gzip.release();
            gzip = null;
        }
    }

    /** Sends the head after which the connection is a tunnel. */
    void switched(ResponseHead response, byte[] ownLines) {
        worker.counters().response(response.status());
        worker.counters().upgrade();
        response.assemble(Persistence.UPGRADE, false, worker.dateLine(), ownLines);
        client.send(response.write(client.allocator()));
    }
}
