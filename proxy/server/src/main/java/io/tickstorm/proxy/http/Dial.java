package io.tickstorm.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.tls.ClientTls;
import io.tickstorm.proxy.tls.Reasons;
import io.tickstorm.proxy.transport.Transport;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A new connection to an upstream, as soon as there may be another one. For one event loop.
 *
 * @param <H> what is to work on it
 */
final class Dial<H extends ChannelHandler> {
    private final Worker worker;
    private final Upstream upstream;
    private final H handler;
    private final Caller<H> caller;
    private final @Nullable ClientTls tls;
    private long began;

    /** Who wants it. */
    interface Caller<H> {
        /** Whether it is not wanted any more; then there will be none, and {@link #dropped} says so. */
        boolean over();

        void dropped();

        /** How it is to be secured; null = not at all. */
        @Nullable
        ClientTls tls();

        /** Adds what a new connection begins with, before the handler. */
        default void announce(ChannelPipeline pipeline) {}

        /** There is one. */
        void connected(H handler);

        /** There will be none. */
        void failed(FailureKind kind, String reason);
    }

    Dial(Worker worker, Upstream upstream, H handler, Caller<H> caller) {
        this.worker = worker;
        this.upstream = upstream;
        this.handler = handler;
        this.caller = caller;
        this.tls = caller.tls();
    }

    void start() {
        if (upstream.connections().open(() -> worker.loop().execute(this::mayOpen))) {
            connect();
        }
    }

    private void mayOpen() {
        if (caller.over()) {
            upstream.connections().closed();
            caller.dropped();
        } else {
            connect();
        }
    }

    // AUTO_CLOSE is deprecated without a replacement. Without it a write that fails, because the upstream has answered
    // early and closed, would throw away that answer, which waits in our receive buffer.
    @SuppressWarnings("deprecation")
    private void connect() {
        worker.counters().connect();
        began = worker.nanos();
        var bootstrap = worker.listening()
                .transport()
                .connection(worker.loop(), worker.connectTimeout())
                .option(ChannelOption.AUTO_CLOSE, false)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        Transport.watch(channel, worker.listening().beginning().keepAlive());
                        caller.announce(channel.pipeline());
                        if (tls == null
                                || !tls.install(
                                        channel.pipeline(), upstream.id().port(), worker.connectTimeout())) {
                            channel.pipeline().addLast(handler);
                        }
                    }
                });
        Transport.connect(bootstrap, worker.loop(), worker.pool().address(upstream), this::connected);
    }

    private void connected(ChannelFuture done) {
        if (done.isSuccess()) {
            done.channel()
                    .closeFuture()
                    .addListener(closed -> upstream.connections().closed());
        } else {
            upstream.connections().closed();
        }
        var handshake = done.isSuccess() ? ClientTls.handshake(done.channel(), left()) : null;
        if (handshake == null) {
            ready(done.channel(), done.cause());
        } else {
            handshake.addListener(secured -> {
                if (secured.isSuccess()) {
                    done.channel().pipeline().addLast(handler);
                }
                ready(done.channel(), secured.cause());
            });
        }
    }

    /** What is left of the time that connecting may take. */
    private Duration left() {
        return worker.connectTimeout().minusNanos(worker.nanos() - began);
    }

    private void ready(Channel channel, @Nullable Throwable failure) {
        if (caller.over()) {
            channel.close();
            caller.dropped();
        } else if (failure == null) {
            caller.connected(handler);
        } else {
            caller.failed(failure(failure), "no connection to a server: " + words(failure));
        }
    }

    private static String words(Throwable cause) {
        return cause instanceof SSLException
                ? "TLS: " + Reasons.of(cause)
                : cause.getClass().getSimpleName();
    }

    private static FailureKind failure(Throwable cause) {
        if (cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException) {
            return FailureKind.CONNECT_TIMEOUT;
        }
        if (cause instanceof SSLException) {
            return FailureKind.TLS_FAILED;
        }
        return cause instanceof ConnectException && !(cause instanceof NoRouteToHostException)
                ? FailureKind.CONNECT_REFUSED
                : FailureKind.CONNECT_FAILED;
    }
}
