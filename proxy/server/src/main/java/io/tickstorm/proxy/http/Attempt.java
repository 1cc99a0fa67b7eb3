package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.tickstorm.proxy.access.Try;
import io.tickstorm.proxy.backend.Lease;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.ProxyProtocol;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.http1.BodyReader;
import io.tickstorm.proxy.http1.ResponseHead;
import io.tickstorm.proxy.proxyprotocol.ProxyProtocolWriter;
import io.tickstorm.proxy.retry.WireState;
import io.tickstorm.proxy.tls.ClientTls;
import org.jspecify.annotations.Nullable;

/**
 * One try of a request on one upstream: the lease on it, the connection to it, and what it can have seen. For one event loop.
 *
 * <p>It ends the lease exactly once: with {@link #responded}, {@link #failed}, {@link #give} or the end of the tunnel.
 */
final class Attempt implements Dial.Caller<UpstreamConnection> {
    private final Exchange exchange;
    private final Worker worker;
    private final Lease lease;
    private final ProxyProtocol header;
    private final long began;
    private @Nullable UpstreamConnection connection;
    private WireState wire = WireState.NOTHING_SENT;
    private @Nullable Deadline limit;
    private boolean unflushed;
    private boolean over;
    private boolean settled;
    private boolean reused;
    private long connectNanos = Try.NEVER;
    private long firstByteNanos = Try.NEVER;
    private long latencyNanos;
    private int status;

    Attempt(Exchange exchange, Worker worker, Lease lease) {
        this.exchange = exchange;
        this.worker = worker;
        this.lease = lease;
        header = exchange.proxyProtocol();
        began = worker.nanos();
        var time = exchange.perTryTimeout();
        if (!time.isZero()) {
            limit = new Deadline(this::timedOut);
            limit.arm(worker.within(time));
        }
    }

    ClientConnection client() {
        return exchange.client();
    }

    RelayedAnswer answer() {
        return exchange.answer();
    }

    @Override
    public @Nullable ClientTls tls() {
        return worker.listening()
                .surroundings()
                .upstreams()
                .of(exchange.backend().name());
    }

    Upstream upstream() {
        return lease.upstream();
    }

    /** How much of the request the upstream can have seen. */
    WireState wire() {
        return wire;
    }

    /** Where the request is written; null while there is no connection. */
    @Nullable
    UpstreamConnection connection() {
        return connection;
    }

    // Connect

    void start() {
        switch (exchange.protocol()) {
            case HTTP1 -> {
                // A connection that began with a client's address is no other's.
                var pooled = header == ProxyProtocol.NONE ? worker.pool().take(upstream(), repeatable()) : null;
                if (pooled == null) {
                    new Dial<>(
                                    worker,
                                    upstream(),
                                    new UpstreamConnection(worker, worker.pool().idle(upstream())),
                                    this)
                            .start();
                } else {
                    reuse(pooled);
                }
            }
            case HTTP2 -> {
                var shared = worker.pool().shared(upstream());
                var stream = shared.take(repeatable());
                // those on which the upstream has chosen HTTP/1.1
                var pooled = stream == null ? worker.pool().take(upstream(), repeatable()) : stream;
                if (pooled == null) {
                    shared.await(this);
                } else {
                    reuse(pooled);
                }
            }
        }
    }

    /** Whether its request may be done twice. */
    boolean repeatable() {
        return exchange.request().repeatable();
    }

    private void reuse(UpstreamConnection pooled) {
        reused = true;
        connectNanos = 0;
        begin(pooled);
    }

    @Override
    public void announce(ChannelPipeline pipeline) {
        var peer = client().peer();
        ProxyProtocolWriter.relay(pipeline, header, peer.source(), peer.destination());
    }

    @Override
    public void connected(UpstreamConnection fresh) {
        connectNanos = worker.nanos() - began;
        begin(fresh);
        flush();
        client().updateReading();
    }

    /** Whether it has ended, or was given up. */
    @Override
    public boolean over() {
        return over;
    }

    @Override
    public void dropped() {
        // whoever gave it up knows
    }

    // Send

    private void begin(UpstreamConnection ready) {
        if (answer().upgrade() && !ready.takesWebSockets()) {
            ready.close();
            refused(false, "the server speaks HTTP/2 and takes no WebSockets over it");
            return;
        }
        connection = ready;
        ready.begin(this);
        ready.reading(client().writable());
        exchange.request().writeTo(ready);
        unflushed = true;
        if (exchange.request().ended()) {
            awaitResponse();
        }
    }

    /** The head has left whole. Until then nobody can have acted on the request: half a head is none. */
    void sent() {
        if (wire == WireState.NOTHING_SENT) {
            wire = WireState.SENT;
            exchange.request().sent(exchange.bodyLimit());
        }
    }

    /** Takes a part of the body. */
    void part(ByteBuf part) {
        exchange.request().part(part, connection, wire, exchange.bodyLimit());
        unflushed = connection != null;
    }

    /** The whole request has come. */
    void requestEnded() {
        if (connection != null) {
            awaitResponse();
        }
    }

    private void awaitResponse() {
        lease.awaits();
        if (!answer().begun()) {
            client().awaitAnswer();
        }
    }

    void flush() {
        if (unflushed && connection != null) {
            unflushed = false;
            connection.flush();
        }
    }

    // Answer

    /** Bytes of an answer have come. */
    void responseBegan() {
        if (wire != WireState.RESPONSE_STARTED) {
            wire = WireState.RESPONSE_STARTED;
            lease.heard();
            exchange.heard();
            firstByteNanos = worker.nanos() - began;
        }
    }

    /** The head of the final answer has come; as {@link RelayedAnswer#head}. */
    int responseHead(ResponseHead response, BodyReader body, boolean wraps) {
        headCame(response);
        return answer().head(response, body, wraps, exchange.request().ended(), exchange.ownLines(lease));
    }

    private void headCame(ResponseHead response) {
        status = response.status();
        latencyNanos = worker.nanos() - began;
        client().awaitNoAnswer();
        if (limit != null) {
            limit.cancel();
        }
    }

    /** Whether an answer with this head is to be put aside, because another upstream may do better. */
    boolean mayGoElsewhere(ResponseHead response) {
        if (!exchange.mayGoElsewhere(response)) {
            return false;
        }
        headCame(response);
        return true;
    }

    /**
     * The answer is put aside: {@link #resume} or {@link #discard} comes next. Whatever becomes of it, the attempt has failed,
     * and does not count among those that run.
     */
    void parked() {
        settle(new Outcome.Failure(FailureKind.STATUS_5XX));
        exchange.parked(this);
    }

    void resume() {
        if (connection != null) {
            connection.resume();
        }
    }

    /** The answer that was put aside is not wanted, for another attempt begins. */
    void discard() {
        var used = connection;
        connection = null;
        if (used != null) {
            keep(used, used.discard());
        }
        end(new Outcome.Failure(FailureKind.STATUS_5XX));
    }

    private void keep(UpstreamConnection used, boolean reusable) {
        if (reusable && header == ProxyProtocol.NONE && exchange.request().ended()) {
            used.reading(true);
            worker.pool().put(used);
        } else {
            used.close();
        }
    }

    /** The answer has come whole. */
    void responded(boolean reusable) {
        var used = connection;
        connection = null;
        answer().end();
        end(answer().status() >= 500 ? new Outcome.Failure(FailureKind.STATUS_5XX) : new Outcome.Success(latencyNanos));
        if (used != null) {
            keep(used, reusable);
        }
        exchange.answered();
    }

    /** The connection becomes a tunnel. */
    void switched(ResponseHead response, UpstreamConnection to, ByteBuf rest) {
        headCame(response);
        answer().switched(response, exchange.ownLines(lease));
        var tunnel = new Tunnel(worker, lease.upstream(), client().context(), to.context(), this::tunnelEnded);
        tunnel.passesWithAnswer(rest);
        client().send(rest);
        exchange.switched();
        tunnel.join(client().becomeTunnel(tunnel));
        client().flush();
    }

    private void tunnelEnded() {
        if (!over) {
            end(new Outcome.Success(latencyNanos));
            exchange.tunnelEnded();
        }
    }

    // Failure

    /** It has failed and its connection is closed, or there never was one. */
    @Override
    public void failed(FailureKind kind, String reason) {
        connection = null;
        client().awaitNoAnswer();
        end(new Outcome.Failure(kind));
        exchange.failed(kind, wire, reason);
    }

    /**
     * The upstream says that it has not begun with the request: that is as if nothing had been sent, as long as all of it is still
     * here.
     *
     * @param blamed whether that speaks against the upstream: not if it only goes away
     */
    void refused(boolean blamed, String reason) {
        if (wire == WireState.SENT && exchange.request().replayable()) {
            wire = WireState.NOTHING_SENT;
        }
        if (!blamed) {
            settled = true;
            lease.end(new Outcome.Cancelled());
            exchange.settled(this, new Outcome.Failure(FailureKind.NOT_PROCESSED));
        }
        failed(FailureKind.NOT_PROCESSED, reason);
    }

    /** The upstream has not answered in time. */
    void timedOut() {
        if (connection != null) {
            connection.unanswered();
            connection.close();
        }
        failed(FailureKind.TIMEOUT, "");
    }

    /** What is told of it, at its end. */
    Try told(@Nullable FailureKind failure) {
        var endpoint = lease.upstream().endpoint();
        var id = endpoint.id();
        return new Try(
                endpoint.name(),
                id.host() + ":" + id.port(),
                exchange.account().since(began),
                connectNanos,
                firstByteNanos,
                worker.nanos() - began,
                reused,
                failure,
                status);
    }

    /** Ends it before its time. */
    void give(Outcome outcome) {
        if (connection != null) {
            if (outcome instanceof Outcome.Failure) {
                connection.unanswered();
            }
            connection.close();
            connection = null;
        }
        end(outcome);
    }

    private void end(Outcome outcome) {
        over = true;
        if (limit != null) {
            limit.cancel();
        }
        if (!settled) {
            settle(outcome);
        }
        exchange.attemptEnded();
    }

    private void settle(Outcome outcome) {
        settled = true;
        lease.end(outcome);
        exchange.settled(this, outcome);
    }
}
