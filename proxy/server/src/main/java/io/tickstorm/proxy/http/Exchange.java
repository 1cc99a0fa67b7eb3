package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Lease;
import io.tickstorm.proxy.backend.Mode;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.backend.Retry;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.http1.BodyReader;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.http1.ResponseHead;
import io.tickstorm.proxy.http1.ResponseHead.Persistence;
import io.tickstorm.proxy.retry.WireState;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, over as many attempts as it takes. The package says in which order things happen and why.
 *
 * <p>Lives on one event loop, from the head of the request to the end of the answer. At any time it waits for an upstream
 * or for leave to try another one ({@code lease} is null), for a connection ({@code upstream} is null), or works on one. Each lease is ended exactly once:
 * by {@link #responded}, {@link #failed}, {@link #give} or the end of the tunnel.
 */
final class Exchange {
    /** What may pile up while there is no connection to write it to; then the client is not read. */
    private static final int UNSENT_LIMIT = 64 * 1024;

    /** Buffers kept for another attempt: each may be far larger than the bytes in it. */
    private static final int MAX_KEPT_PARTS = 64;

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final Outcome CANCELLED = new Outcome.Cancelled();

    private final ClientConnection client;
    private final Worker worker;
    private final Backend backend;
    private final Attempts attempts = new Attempts();
    private final ByteBuf head;
    private final KeptBody kept = new KeptBody();
    private final boolean safe;
    private final boolean toHead;
    private final boolean http10;
    private final boolean expectsContinue;
    private final boolean upgrade;
    private final boolean persistent;

    private @Nullable Lease lease;
    private @Nullable UpstreamConnection upstream;
    private WireState wire = WireState.NOTHING_SENT;
    private boolean requestEnded;
    private boolean waiting;
    private @Nullable Failure failure;
    private boolean unflushed;
    private boolean headSent;
    private boolean closes;
    private boolean wrapped;
    private int status;
    private long waitsUntil;
    private long began;
    private long latencyNanos;

    /** Why the latest attempt failed, while the next one has to wait. */
    private record Failure(FailureKind kind, String reason) {}

    /** @param head what is sent to the upstream; taken over */
    Exchange(ClientConnection client, Worker worker, RequestHead request, ByteBuf head) {
        this.client = client;
        this.worker = worker;
        this.backend = worker.listening().backend();
        this.head = head;
        safe = request.safe();
        toHead = request.head();
        http10 = request.http10();
        expectsContinue = request.expectsContinue();
        upgrade = request.upgradesToWebSocket();
        persistent = request.persistent();
        requestEnded = !request.hasBody();
    }

    ClientConnection client() {
        return client;
    }

    boolean toHead() {
        return toHead;
    }

    boolean http10() {
        return http10;
    }

    /** Whether the client asked for a WebSocket. */
    boolean upgrade() {
        return upgrade;
    }

    /** Whether the head of the final answer has gone to the client. */
    boolean answering() {
        return headSent;
    }

    // Acquire

    void start() {
        worker.counters().request();
        client.requestDeadline().arm(worker.timeouts().request());
        var first = backend.acquire(attempts);
        if (first == null) {
            await();
        } else {
            attempt(first);
        }
    }

    private void await() {
        worker.counters().hold();
        waiting = true;
        waitsUntil = worker.nanos() + worker.connectTimeout().toNanos();
        worker.waiting().add(this);
        client.updateReading();
    }

    /** Looks again for what it waits for; true if there is nothing to wait for any more. */
    boolean tryAgain() {
        if (!waiting) {
            return true;
        }
        var failed = failure;
        if (failed == null ? tryFirst() : tryNext(failed.kind())) {
            return true;
        }
        if (worker.nanos() - waitsUntil < 0) {
            return false;
        }
        waiting = false;
        if (failed == null) {
            worker.counters().unservedRequest();
            answer(Answer.UNAVAILABLE);
        } else {
            giveUp(failed.kind(), failed.reason());
        }
        return true;
    }

    private boolean tryFirst() {
        var found = backend.acquire(attempts);
        if (found == null) {
            return false;
        }
        proceed(found);
        return true;
    }

    private boolean tryNext(FailureKind kind) {
        if (backend.retry(attempts, kind, wire, safe, kept.whole()) instanceof Lease next) {
            worker.counters().retry();
            proceed(next);
            return true;
        }
        return false;
    }

    /** Makes an attempt on behalf of nobody who would flush or read on afterwards. */
    private void proceed(Lease next) {
        waiting = false;
        failure = null;
        attempt(next);
        flush();
        client.updateReading();
    }

    // Attempt

    private void attempt(Lease next) {
        lease = next;
        wire = WireState.NOTHING_SENT;
        began = worker.nanos();
        var pooled = worker.pool().take(next.upstream(), safe);
        if (pooled != null) {
            begin(pooled);
        } else {
            connect(next);
        }
    }

    // AUTO_CLOSE is deprecated without a replacement. Without it a write that fails, because the upstream has answered
    // early and
    // closed, would throw away that answer, which waits in our receive buffer.
    @SuppressWarnings("deprecation")
    private void connect(Lease attempt) {
        worker.counters().connect();
        var connection = new UpstreamConnection(worker, attempt.upstream());
        worker.listening()
                .transport()
                .connection(worker.loop(), worker.connectTimeout())
                .option(ChannelOption.AUTO_CLOSE, false)
                .handler(connection)
                .connect(worker.pool().address(attempt.upstream()))
                .addListener((ChannelFuture done) -> connected(attempt, connection, done));
    }

    private void connected(Lease attempt, UpstreamConnection connection, ChannelFuture done) {
        if (attempt != lease) {
            done.channel().close(); // given up in the meantime
        } else if (done.isSuccess()) {
            begin(connection);
            flush();
            client.updateReading();
        } else {
            var cause = done.cause();
            failed(
                    connectFailure(cause),
                    "no connection to a server: " + cause.getClass().getSimpleName());
        }
    }

    private static FailureKind connectFailure(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return FailureKind.CONNECT_TIMEOUT;
        }
        return cause instanceof ConnectException && !(cause instanceof NoRouteToHostException)
                ? FailureKind.CONNECT_REFUSED
                : FailureKind.CONNECT_FAILED;
    }

    // Send

    private void begin(UpstreamConnection connection) {
        upstream = connection;
        connection.begin(this);
        connection.reading(client.writable());
        connection.writeHead(head.retainedDuplicate());
        kept.writeTo(connection);
        unflushed = true;
        if (requestEnded) {
            awaitResponse();
        }
    }

    /** The head has left whole. Until then nobody can have acted on the request: half a head is none. */
    void sent() {
        if (wire == WireState.NOTHING_SENT) {
            wire = WireState.SENT;
            if (!safe || !kept.within(backend.retries().settings().bodyLimit(), MAX_KEPT_PARTS)) {
                kept.drop();
            }
        }
    }

    /** Takes a part of the body. */
    void part(ByteBuf part) {
        if (upstream == null) {
            kept.add(part);
        } else if (wire == WireState.NOTHING_SENT) {
            upstream.write(part.retainedDuplicate());
            kept.add(part);
            unflushed = true;
        } else {
            if (kept.whole()) {
                kept.add(part.retainedDuplicate());
                if (!safe || !kept.within(backend.retries().settings().bodyLimit(), MAX_KEPT_PARTS)) {
                    kept.drop();
                }
            }
            upstream.write(part);
            unflushed = true;
        }
    }

    /** The whole request has come. */
    void requestEnded() {
        requestEnded = true;
        if (upstream != null) {
            awaitResponse();
        }
    }

    private void awaitResponse() {
        if (!headSent) {
            client.responseDeadline().arm(worker.timeouts().response());
        }
    }

    /** Whether more of the body can be taken now. */
    boolean takesMore() {
        return upstream == null ? kept.bytes() < UNSENT_LIMIT : upstream.writable();
    }

    void flush() {
        if (unflushed && upstream != null) {
            unflushed = false;
            upstream.flush();
        }
    }

    /** The client can take more, or less: the upstream is read at the client's pace. */
    void clientWritable(boolean writable) {
        if (upstream != null) {
            upstream.reading(writable);
        }
    }

    // Answer

    /** Bytes of an answer have come. */
    void responseBegan() {
        wire = WireState.RESPONSE_STARTED;
    }

    /** A 1xx: passed on to who can understand it. */
    void interim(ResponseHead interim) {
        if (!http10 && (interim.status() != 100 || expectsContinue)) {
            interim.assemble(Persistence.UNDERSTOOD, false, CRLF);
            client.send(interim.write(client.allocator()));
        }
    }

    /**
     * The head of the final answer has come and is to be sent by the caller.
     *
     * @param wraps whether a body that ends with the connection is put into chunks
     * @return the length of the head assembled
     */
    int responseHead(ResponseHead response, BodyReader body, boolean wraps) {
        client.responseDeadline().cancel();
        latencyNanos = worker.nanos() - began;
        headSent = true;
        wrapped = wraps;
        status = response.status();
        worker.counters().response(status);
        boolean endless = http10 && !body.ended() && (body.untilClose() || response.chunked());
        closes = endless || !persistent || !requestEnded || worker.listening().closing();
        var persistence = closes ? Persistence.CLOSE : http10 ? Persistence.KEEP_ALIVE : Persistence.UNDERSTOOD;
        boolean chunked = wraps || response.chunked() && !http10 && status != 304;
        return response.assemble(persistence, chunked, worker.dateLine());
    }

    /** A part of the answer's body, or of its head and body. */
    void responsePart(ByteBuf part) {
        if (!wrapped) {
            client.send(part);
            return;
        }
        var size = client.allocator().directBuffer(10);
        size.writeCharSequence(Integer.toHexString(part.readableBytes()) + "\r\n", StandardCharsets.US_ASCII);
        client.send(size);
        client.send(part);
        client.send(Unpooled.wrappedBuffer(CRLF));
    }

    /** The answer has come whole. */
    void responded(UpstreamConnection connection, boolean reusable) {
        if (wrapped) {
            client.send(Unpooled.wrappedBuffer(LAST_CHUNK));
        }
        upstream = null;
        end(status >= 500 ? new Outcome.Failure(FailureKind.STATUS_5XX) : new Outcome.Success(latencyNanos));
        if (reusable && requestEnded) {
            connection.reading(true);
            worker.pool().put(connection);
        } else {
            connection.close();
        }
        release();
        client.answered(closes);
    }

    /** The connection becomes a tunnel. */
    void switched(ResponseHead response, UpstreamConnection connection, ByteBuf rest) {
        latencyNanos = worker.nanos() - began;
        worker.counters().response(response.status());
        worker.counters().upgrade();
        response.assemble(Persistence.UPGRADE, false, worker.dateLine());
        client.send(response.write(client.allocator()));
        client.send(rest);
        release();
        var early = client.becomeTunnel();
        TunnelEnd.join(client.context(), connection.context(), this::tunnelEnded);
        if (early != null) {
            connection.write(early);
            connection.flush();
        }
        client.flush();
    }

    private void tunnelEnded() {
        if (lease != null) {
            end(new Outcome.Success(latencyNanos));
        }
    }

    // Failure

    /** The attempt has failed and its connection is closed, or there never was one. */
    void failed(FailureKind kind, String reason) {
        upstream = null;
        client.responseDeadline().cancel();
        end(new Outcome.Failure(kind));
        if (headSent) {
            worker.counters().cutOff();
            release();
            client.cut();
            return;
        }
        switch (backend.retry(attempts, kind, wire, safe, kept.whole())) {
            case Lease next -> {
                worker.counters().retry();
                proceed(next);
            }
            case Retry.Denied denied -> {
                if (wire == WireState.NOTHING_SENT && backend.mode() == Mode.EMPTY) {
                    await(); // the last upstream has left, the next one is on its way
                } else if (denied == Retry.Denied.BY_BUDGET) {
                    failure = new Failure(kind, reason);
                    await();
                } else {
                    giveUp(kind, reason);
                }
            }
        }
    }

    private void giveUp(FailureKind kind, String reason) {
        worker.counters().failure(kind);
        answer(kind == FailureKind.TIMEOUT ? Answer.GATEWAY_TIMEOUT : Answer.badGateway(reason));
    }

    /** The upstream has not answered in time. */
    void responseTimedOut() {
        if (upstream != null) {
            upstream.close();
            failed(FailureKind.TIMEOUT, "");
        }
    }

    /** The request as a whole took too long. */
    void requestTimedOut() {
        worker.counters().failure(FailureKind.TIMEOUT);
        give(new Outcome.Failure(FailureKind.TIMEOUT));
        if (headSent) {
            worker.counters().cutOff();
            client.cut();
        } else {
            client.answer(Answer.GATEWAY_TIMEOUT, toHead);
        }
    }

    /** The client is gone, or sent what cannot be passed on: the work is given up, and nobody is to blame. */
    void cancel() {
        give(CANCELLED);
    }

    private void give(Outcome outcome) {
        waiting = false;
        if (upstream != null) {
            upstream.close();
            upstream = null;
        }
        if (lease != null) {
            end(outcome);
        }
        release();
    }

    private void answer(Answer answer) {
        release();
        client.answer(answer, toHead);
    }

    private void end(Outcome outcome) {
        var ended = lease;
        lease = null;
        if (ended == null) {
            throw new IllegalStateException("lease ended twice: " + outcome);
        }
        ended.end(outcome);
        worker.waiting().wake();
    }

    private void release() {
        client.responseDeadline().cancel();
        client.requestDeadline().cancel();
        kept.drop();
        if (head.refCnt() > 0) {
            head.release();
        }
    }

    /** For the log: how far it has come. */
    String progress() {
        var at = lease;
        return at == null
                ? "waits for " + (failure == null ? "an upstream" : "another attempt after " + failure.kind())
                : (headSent ? "answered by " : "sent to ") + at.upstream() + ", attempt " + attempts.made();
    }
}
