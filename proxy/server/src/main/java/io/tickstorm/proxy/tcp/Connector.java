package io.tickstorm.proxy.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.backend.Attempts;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Lease;
import io.tickstorm.proxy.backend.Mode;
import io.tickstorm.proxy.backend.Outcome;
import io.tickstorm.proxy.backend.Place;
import io.tickstorm.proxy.backend.Retry;
import io.tickstorm.proxy.backend.Waiter;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.retry.WireState;
import io.tickstorm.proxy.tls.ClientTls;
import io.tickstorm.proxy.transport.Transport;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Finds a session its upstream: waits for one with room, connects, and goes to another one if that fails, since nothing was
 * sent yet. On the event loop of the session, which hears once of a connection or of why there is none.
 */
final class Connector implements Waiter {
    private final TcpSession session;
    private final Sessions sessions;
    private final EventLoop loop;
    private final Backend backend;
    private final Attempts attempts;
    private final Duration timeout;
    private final @Nullable ClientTls tls;

    private @Nullable Place place;
    private @Nullable Lease lease;
    private @Nullable ChannelFuture connecting;
    private @Nullable Future<?> timer;
    private long began;
    private boolean over;

    /** @param timeout for one connection */
    Connector(
            TcpSession session,
            Sessions sessions,
            EventLoop loop,
            Attempts attempts,
            Backend backend,
            Duration timeout) {
        this.session = session;
        this.sessions = sessions;
        this.loop = loop;
        this.attempts = attempts;
        this.backend = backend;
        this.timeout = timeout;
        this.tls = sessions.upstreams.of(backend.name());
    }

    void start() {
        var first = backend.acquire(attempts);
        if (first != null) {
            open(first);
        } else {
            await(false);
        }
    }

    /** Nobody needs the connection any more. */
    void cancel() {
        over = true;
        stopTimer();
        if (place != null) {
            place.leave(); // if it is too late for that, what was granted is given back
        }
        if (connecting != null) {
            connecting.channel().close();
        }
        end(new Outcome.Cancelled());
    }

    /** Attempts that were begun. */
    int made() {
        return attempts.made();
    }

    // Wait

    private void await(boolean paid) {
        session.account().waits();
        var longest = backend.queueTimeout();
        if (longest.isZero()) {
            giveUp(Termination.NO_UPSTREAM, "");
            return;
        }
        place = backend.await(attempts, paid, this);
        if (place == null) {
            giveUp(Termination.QUEUE_FULL, "");
        } else {
            timer = loop.schedule(this::waitedLongEnough, longest.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** On the thread of whoever made room. */
    @Override
    public void granted(Lease next) {
        loop.execute(() -> {
            if (over) {
                next.end(new Outcome.Cancelled());
                return;
            }
            place = null;
            stopTimer();
            open(next);
        });
    }

    private void waitedLongEnough() {
        if (place != null && place.leave()) {
            place = null;
            giveUp(backend.mode() == Mode.EMPTY ? Termination.NO_UPSTREAM : Termination.QUEUE_TIMEOUT, "");
        }
    }

    // Connect

    private void open(Lease next) {
        session.account().proceeds();
        lease = next;
        began = sessions.ticker.nanos();
        if (next.upstream().connections().open(() -> loop.execute(() -> opened(next)))) {
            connect(next);
        }
    }

    private void opened(Lease next) {
        if (over) {
            next.upstream().connections().closed();
        } else {
            connect(next);
        }
    }

    private void connect(Lease next) {
        var id = next.upstream().id();
        var bootstrap = sessions.transport
                .connection(loop, timeout)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel upstream) {
                        Transport.watch(upstream, sessions.beginning.keepAlive());
                        session.announce(upstream.pipeline());
                        if (tls == null || !tls.install(upstream.pipeline(), id.port(), timeout)) {
                            upstream.pipeline().addLast(session.upstreamWire());
                        }
                    }
                });
        // Discovery gives addresses only, so nothing is resolved here.
        var address = new InetSocketAddress(InetAddress.ofLiteral(id.host()), id.port());
        connecting = Transport.connect(bootstrap, loop, address, result -> dialled(next, result));
    }

    private void dialled(Lease on, ChannelFuture result) {
        var channel = result.channel();
        var left = timeout.minusNanos(sessions.ticker.nanos() - began);
        var handshake = result.isSuccess() ? ClientTls.handshake(channel, left) : null;
        if (handshake == null) {
            connected(on, channel, result.cause());
        } else {
            handshake.addListener(secured -> {
                if (secured.isSuccess()) {
                    channel.pipeline().addLast(session.upstreamWire());
                }
                connected(on, channel, secured.cause());
            });
        }
    }

    private void connected(Lease on, Channel channel, @Nullable Throwable failure) {
        connecting = null;
        var connections = on.upstream().connections();
        if (failure == null) {
            channel.closeFuture().addListener(closed -> connections.closed());
        } else {
            connections.closed();
        }
        if (over) {
            channel.close();
        } else if (failure == null) {
            over = true;
            lease = null;
            session.relay((SocketChannel) channel, on, began);
        } else if (failure instanceof ChannelException noSocket) {
            // Not even a socket could be made: that is our own want, and no upstream's fault.
            end(new Outcome.Cancelled());
            giveUp(Termination.NO_SOCKET, reason(noSocket));
        } else {
            failed(on, kind(failure));
        }
    }

    private void failed(Lease on, FailureKind kind) {
        session.account().tried(on.upstream(), began, kind);
        end(new Outcome.Failure(kind));
        var pause = backend.retries().delay(kind, WireState.NOTHING_SENT, attempts.made());
        if (pause.isZero()) {
            retry(on, kind);
        } else {
            timer = loop.schedule(() -> retry(on, kind), pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void retry(Lease failed, FailureKind kind) {
        switch (backend.retry(attempts, kind, WireState.NOTHING_SENT, false, true)) {
            case Lease next -> open(next);
            case Retry.Denied denied -> {
                switch (denied) {
                    case BY_RULE -> giveUp(Termination.CONNECT_FAILED, failed.upstream() + ": " + kind);
                    case BY_BUDGET, NO_UPSTREAM -> await(attempts.pays());
                }
            }
        }
    }

    private static String reason(Throwable failure) {
        var cause = failure.getCause();
        return cause == null ? String.valueOf(failure.getMessage()) : reason(cause);
    }

    private static FailureKind kind(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException timeout -> FailureKind.CONNECT_TIMEOUT;
            case SslHandshakeTimeoutException timeout -> FailureKind.CONNECT_TIMEOUT;
            case SSLException secured -> FailureKind.TLS_FAILED;
            case ConnectException refused -> FailureKind.CONNECT_REFUSED;
            default -> FailureKind.CONNECT_FAILED;
        };
    }

    private void giveUp(Termination why, String detail) {
        over = true;
        session.unserved(why, detail);
    }

    private void end(Outcome outcome) {
        var ended = lease;
        lease = null;
        if (ended != null) {
            ended.end(outcome);
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
