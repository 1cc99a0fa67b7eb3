package io.tickstorm.proxy.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Lease;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.retry.WireState;
import java.net.ConnectException;
import java.net.InetAddress;
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

    /** While no upstream can be had: short against the connect timeout, and 50 looks a second cost nothing. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Sessions sessions;
    private final SocketChannel client;
    private final InetAddress from;
    private final ListenerLimits.Tcp limits;
    private final EventLoop loop;
    private final Attempts attempts = new Attempts();
    private final long started;
    private final Direction inwards;
    private final Direction outwards;

    private @Nullable Lease lease;
    private @Nullable ChannelFuture connecting;
    private @Nullable Future<?> timer;
    private long connectNanos;
    private long lastActivity;
    private boolean ended;

    TcpSession(Sessions sessions, SocketChannel client, InetAddress from, ListenerLimits.Tcp limits) {
        this.sessions = sessions;
        this.client = client;
        this.from = from;
        this.limits = limits;
        this.loop = client.eventLoop();
        this.started = sessions.ticker.nanos();
        this.inwards = new Direction(this, client, sessions.bytesIn);
        this.outwards = new Direction(this, sessions.bytesOut);
    }

    /** The client's address. */
    InetAddress from() {
        return from;
    }

    void start() {
        client.pipeline().addLast(new Wire(this, inwards, outwards));
        acquire(sessions.backend.get());
    }

    /** Ends it as a reset of both sides. Any thread. */
    void abort() {
        loop.execute(() -> reset(new Outcome.Cancelled()));
    }

    // From here on only on the event loop.

    private void acquire(Backend backend) {
        if (ended) {
            return;
        }
        var next = backend.acquire(attempts);
        if (next != null) {
            connect(backend, next);
        } else if (age().compareTo(limits.connectTimeout()) < 0) {
            timer = loop.schedule(() -> acquire(backend), LOOK_AGAIN.toNanos(), TimeUnit.NANOSECONDS);
        } else {
            refuse("no upstream of " + backend.name() + " is available");
        }
    }

    private void connect(Backend backend, Lease next) {
        lease = next;
        var id = next.upstream().id();
        var begun = sessions.ticker.nanos();
        connecting = sessions.transport
                .connection(loop, limits.connectTimeout())
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new Wire(this, outwards, inwards))
                // Discovery gives addresses only, so nothing is resolved here.
                .connect(new InetSocketAddress(InetAddress.ofLiteral(id.host()), id.port()))
                .addListener((ChannelFuture result) -> {
                    connecting = null;
                    if (ended) {
                        result.channel().close();
                    } else if (result.isSuccess()) {
                        connectNanos = sessions.ticker.nanos() - begun;
                        relay((SocketChannel) result.channel());
                    } else {
                        notConnected(backend, next, kind(result.cause()));
                    }
                });
    }

    private void notConnected(Backend backend, Lease failed, FailureKind kind) {
        lease = null;
        failed.end(new Outcome.Failure(kind));
        if (backend.retry(attempts, kind, WireState.NOTHING_SENT, false, true) instanceof Lease next) {
            connect(backend, next);
        } else {
            refuse("no connection to " + failed.upstream() + ": " + kind);
        }
    }

    private static FailureKind kind(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException timeout -> FailureKind.CONNECT_TIMEOUT;
            case ConnectException refused -> FailureKind.CONNECT_REFUSED;
            default -> FailureKind.CONNECT_FAILED;
        };
    }

    private void refuse(String why) {
        sessions.unserved.increment();
        log.debug("{}: {} refused: {}", sessions.listener, client.remoteAddress(), why);
        reset(new Outcome.Cancelled());
    }

    private void relay(SocketChannel upstream) {
        touched();
        awaitSilence(limits.idleTimeout());
        outwards.from(upstream, client);
        inwards.to(upstream);
    }

    /** Whether what a direction's source has sent may pass; if it is too much of a client, the session ends. */
    boolean admits(Direction direction) {
        if (direction != inwards || sessions.clients.tryMessage(from) == 0) {
            return true;
        }
        log.debug("{}: {} reset: more messages than it may send", sessions.listener, client.remoteAddress());
        reset(new Outcome.Cancelled());
        return false;
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
            end(new Outcome.Success(connectNanos));
        }
    }

    /**
     * A source has said its last byte, or a target was told so. A connection is closed as soon as both of its directions have ended,
     * though the other one may still be told the rest: the kernel reports its hang-up until somebody listens.
     */
    void settle() {
        var upstream = outwards.source();
        if (inwards.ended() && outwards.ended()) {
            end(new Outcome.Success(connectNanos));
        } else if (upstream != null && outwards.sourceHasEnded() && inwards.ended()) {
            upstream.close();
        } else if (inwards.sourceHasEnded() && outwards.ended()) {
            client.close();
        }
    }

    /** A connection broke. The upstream is to blame for its own only. */
    void broken(Channel channel) {
        reset(channel == client ? new Outcome.Cancelled() : new Outcome.Failure(FailureKind.RESET));
    }

    /** Everything was handed over: both connections are closed in an orderly way. */
    private void end(Outcome outcome) {
        if (finish(outcome)) {
            client.close();
            var upstream = outwards.source();
            if (upstream != null) {
                upstream.close();
            }
        }
    }

    private void reset(Outcome outcome) {
        if (finish(outcome)) {
            Sessions.reset(client);
            var upstream = outwards.source();
            if (upstream != null) {
                Sessions.reset(upstream);
            }
        }
    }

    /** Once: gives back what the session holds; false if that has been done. */
    private boolean finish(Outcome outcome) {
        if (ended) {
            return false;
        }
        ended = true;
        if (timer != null) {
            timer.cancel(false);
        }
        if (connecting != null) {
            connecting.channel().close();
        }
        inwards.release();
        if (lease != null) {
            lease.end(outcome);
        }
        sessions.ended(this);
        return true;
    }

    private Duration age() {
        return Duration.ofNanos(sessions.ticker.nanos() - started);
    }

    /** For people; any thread may ask, so it may be a moment old. */
    @Override
    public String toString() {
        var held = lease;
        return sessions.listener + " " + client.remoteAddress() + " -> "
                + (held == null ? "no upstream yet" : held.upstream().toString()) + ", " + age().toSeconds() + " s, "
                + inwards.bytes() + " bytes in, " + outwards.bytes() + " bytes out";
    }
}
