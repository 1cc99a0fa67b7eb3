package io.tickstorm.proxy.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.Upstream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;

/** A new connection to an upstream for an attempt, as soon as there may be another one. For one event loop. */
final class Dial {
    private final Attempt attempt;
    private final Worker worker;
    private final Upstream upstream;

    Dial(Attempt attempt, Worker worker) {
        this.attempt = attempt;
        this.worker = worker;
        this.upstream = attempt.upstream();
    }

    void start() {
        if (upstream.connections().open(() -> worker.loop().execute(this::mayOpen))) {
            connect();
        }
    }

    private void mayOpen() {
        if (attempt.over()) {
            upstream.connections().closed();
        } else {
            connect();
        }
    }

    // AUTO_CLOSE is deprecated without a replacement. Without it a write that fails, because the upstream has answered
    // early and closed, would throw away that answer, which waits in our receive buffer.
    @SuppressWarnings("deprecation")
    private void connect() {
        worker.counters().connect();
        var fresh = new UpstreamConnection(worker, upstream);
        worker.listening()
                .transport()
                .connection(worker.loop(), worker.connectTimeout())
                .option(ChannelOption.AUTO_CLOSE, false)
                .handler(fresh)
                .connect(worker.pool().address(upstream))
                .addListener((ChannelFuture done) -> connected(fresh, done));
    }

    private void connected(UpstreamConnection fresh, ChannelFuture done) {
        if (done.isSuccess()) {
            done.channel()
                    .closeFuture()
                    .addListener(closed -> upstream.connections().closed());
        } else {
            upstream.connections().closed();
        }
        if (attempt.over()) {
            done.channel().close(); // given up in the meantime
        } else if (done.isSuccess()) {
            attempt.connected(fresh);
        } else {
            var cause = done.cause();
            attempt.failed(
                    failure(cause),
                    "no connection to a server: " + cause.getClass().getSimpleName());
        }
    }

    private static FailureKind failure(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return FailureKind.CONNECT_TIMEOUT;
        }
        return cause instanceof ConnectException && !(cause instanceof NoRouteToHostException)
                ? FailureKind.CONNECT_REFUSED
                : FailureKind.CONNECT_FAILED;
    }
}
