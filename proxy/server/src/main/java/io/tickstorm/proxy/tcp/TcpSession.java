package io.tickstorm.proxy.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.access.Try;
import io.tickstorm.proxy.admission.Client;
import io.tickstorm.proxy.backend.Affinity;
import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Lease;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.balance.HashKey;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.proxyprotocol.Addresses;
import io.tickstorm.proxy.proxyprotocol.ProxyProtocolWriter;
import io.tickstorm.proxy.tls.Reasons;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection and, after a while, its upstream connection. Everything happens on the event loop of the client,
 * which the upstream connection shares; so there is no lock and no hop.
 */
final class TcpSession {
    private static final Logger log = LoggerFactory.getLogger(TcpSession.class);

    private final Sessions sessions;
    private final SocketChannel client;
    private final InetSocketAddress from;
    private final InetSocketAddress to;
    private final Client whose;
    private final ListenerLimits.Tcp limits;
    private final EventLoop loop;
    private final Backend backend;
    private final Connector connector;
    private final Account account;
    private final long started;
    private final Direction inwards;
    private final Direction outwards;

    private @Nullable Lease lease;
    private @Nullable Future<?> timer;
    private @Nullable Spliced spliced;
    private long attemptBegan;
    private long connectNanos;
    private long lastActivity;
    private boolean ended;

    TcpSession(Sessions sessions, SocketChannel client, Client whose, Backend backend, ListenerLimits.Tcp limits) {
        this.sessions = sessions;
        this.client = client;
        from = Addresses.source(client);
        to = Addresses.destination(client);
        this.whose = whose;
        this.limits = limits;
        loop = client.eventLoop();
        started = sessions.ticker.nanos();
        this.backend = backend;
        connector = new Connector(this, sessions, loop, attempts(backend, from), backend, limits.connectTimeout());
        account = new Account(sessions, from, started);
        inwards = new Direction(this, client, sessions.bytesIn);
        outwards = new Direction(this, sessions.bytesOut);
    }

    private static Attempts attempts(Backend backend, InetSocketAddress from) {
        return switch (backend.affinity()) {
            case Affinity.ClientIp ip -> new Attempts(HashKey.of(from.getAddress()), null);
            // bytes have no fields
            case Affinity.None none -> new Attempts();
            case Affinity.Header header -> new Attempts();
            case Affinity.Cookie cookie -> new Attempts();
        };
    }

    /** Whose connection it is. */
    Client whose() {
        return whose;
    }

    /** What is told of it at its end. */
    Account account() {
        return account;
    }

    void start() {
        if (sessions.tls.install(client.pipeline())) {
            client.pipeline().addLast(new AwaitHandshake(this));
        } else {
            secured();
        }
    }

    /** The client's connection is as it is to be. */
    void secured() {
        client.pipeline().addLast(new Wire(this, inwards, outwards));
        connector.start();
    }

    /** Ends it as a reset of both sides. Any thread. */
    void abort() {
        loop.execute(() -> reset(new Outcome.Cancelled(), Termination.PROXY_DRAINED, ""));
    }

    // From here on only on the event loop.

    /** Adds what a connection to an upstream begins with. */
    void announce(ChannelPipeline pipeline) {
        ProxyProtocolWriter.relay(pipeline, backend.proxyProtocol(), from, to);
    }

    /** For the connection to an upstream. */
    Wire upstreamWire() {
        return new Wire(this, outwards, inwards);
    }

    /** The client's handshake came to nothing; TLS says so to the client and closes. */
    void unsecured(Throwable cause) {
        finish(new Outcome.Cancelled(), Termination.HANDSHAKE_FAILED, Reasons.of(cause));
    }

    /** There is no upstream for it. */
    void unserved(Termination why, String detail) {
        sessions.unserved.increment();
        log.debug("{}: {} refused: {} {}", sessions.listener, from, why.words(), detail);
        reset(new Outcome.Cancelled(), why, detail);
    }

    /** Takes over a connection to an upstream and the lease on it. */
    void relay(SocketChannel upstream, Lease on, long began) {
        lease = on;
        attemptBegan = began;
        connectNanos = sessions.ticker.nanos() - began;
        touched();
        awaitSilence(limits.idleTimeout());
        outwards.from(upstream, client);
        inwards.to(upstream);
    }

    /** Whether what a direction's source has sent may pass; if it is too much of a client, the session ends. */
    boolean admits(Direction direction) {
        if (direction != inwards || sessions.clients.tryMessage(whose) == 0) {
            return true;
        }
        log.debug("{}: {} reset: more messages than it may send", sessions.listener, from);
        reset(new Outcome.Cancelled(), Termination.RATE_LIMITED, "");
        return false;
    }

    /** One of its directions moves so much that the kernel should do it, if it can. */
    void pours() {
        var upstream = outwards.source();
        if (spliced == null && !ended && limits.splice() && upstream != null) {
            spliced = Spliced.begin(this, sessions, client, inwards, upstream, outwards);
        }
    }

    /** Its channels move its bytes again. */
    void unspliced() {
        spliced = null;
    }

    long nanos() {
        return sessions.ticker.nanos();
    }

    /** Something moved. */
    void touched() {
        lastActivity = sessions.ticker.nanos();
    }

    private void awaitSilence(Duration wait) {
        if (!limits.idleTimeout().isZero()) {
            timer = loop.schedule(this::judgeSilence, wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void judgeSilence() {
        var left = limits.idleTimeout().minusNanos(sessions.ticker.nanos() - lastActivity);
        if (left.isPositive()) {
            awaitSilence(left);
        } else if (!ended) {
            log.debug("{}: closed after {} of silence: {}", sessions.listener, limits.idleTimeout(), this);
            end(Termination.IDLE_TIMEOUT);
        }
    }

    /**
     * A source has said its last byte, or a target was told so. A connection is closed as soon as both of its directions have ended,
     * though the other one may still be told the rest: the kernel reports its hang-up until somebody listens.
     */
    void settle() {
        var upstream = outwards.source();
        if (inwards.ended() && outwards.ended()) {
            end(Termination.COMPLETE);
        } else if (upstream != null && outwards.sourceHasEnded() && inwards.ended()) {
            close(upstream);
        } else if (inwards.sourceHasEnded() && outwards.ended()) {
            close(client);
        }
    }

    private void close(SocketChannel channel) {
        if (spliced != null) {
            spliced.stop(channel);
        }
        channel.close();
    }

    /** A connection broke. The upstream is to blame for its own only. */
    void broken(Channel channel) {
        if (channel == client) {
            reset(new Outcome.Cancelled(), Termination.CLIENT_LEFT, "");
        } else {
            var how = outwards.bytes() == 0 ? Termination.UPSTREAM_RESET : Termination.TRUNCATED;
            reset(new Outcome.Failure(FailureKind.RESET), how, "");
        }
    }

    /** Both connections are closed in an orderly way. */
    private void end(Termination why) {
        if (finish(new Outcome.Success(connectNanos), why, "")) {
            client.close();
            var upstream = outwards.source();
            if (upstream != null) {
                upstream.close();
            }
        }
    }

    private void reset(Outcome outcome, Termination why, String detail) {
        if (finish(outcome, why, detail)) {
            Sessions.reset(client);
            var upstream = outwards.source();
            if (upstream != null) {
                Sessions.reset(upstream);
            }
        }
    }

    /** Once: gives back what the session holds; false if that has been done. */
    private boolean finish(Outcome outcome, Termination why, String detail) {
        if (ended) {
            return false;
        }
        ended = true;
        if (timer != null) {
            timer.cancel(false);
        }
        if (spliced != null) {
            spliced.stop();
        }
        connector.cancel();
        inwards.release();
        if (account.wanted(why, connector.made())) {
            tell(outcome, why, detail);
        }
        if (lease != null) {
            lease.end(outcome);
        }
        sessions.ended(this);
        return true;
    }

    private void tell(Outcome outcome, Termination why, String detail) {
        if (lease != null) {
            long firstByte = outwards.firstByte() == Try.NEVER ? Try.NEVER : outwards.firstByte() - attemptBegan;
            var failure = outcome instanceof Outcome.Failure failed ? failed.kind() : null;
            account.tried(lease.upstream(), attemptBegan, connectNanos, firstByte, failure);
        }
        account.tell(backend.name(), inwards.bytes(), outwards.bytes(), why, detail);
    }

    private Duration age() {
        return Duration.ofNanos(sessions.ticker.nanos() - started);
    }

    /** For people; any thread may ask, so it may be a moment old. */
    @Override
    public String toString() {
        var held = lease;
        return sessions.listener + " " + from + " -> "
                + (held == null ? "no upstream yet" : held.upstream().toString()) + ", " + age().toSeconds() + " s, "
                + inwards.bytes() + " bytes in, " + outwards.bytes() + " bytes out";
    }
}
