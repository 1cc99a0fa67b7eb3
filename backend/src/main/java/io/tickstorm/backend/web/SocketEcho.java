package io.tickstorm.backend.web;

import io.tickstorm.backend.drain.Drain;
import io.vertx.core.Handler;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;

/** {@code /ws}: a WebSocket that sends every message back, no faster than the client reads; closed with 1001 by a drain. */
final class SocketEcho implements Handler<RoutingContext> {
    /** RFC 6455, 7.4.1: the endpoint is going away. */
    private static final short GOING_AWAY = 1001;

    private final Drain drain;
    private final WebTotals totals;

    SocketEcho(Drain drain, WebTotals totals) {
        this.drain = drain;
        this.totals = totals;
    }

    @Override
    public void handle(RoutingContext context) {
        var request = context.request();
        if (!request.canUpgradeToWebSocket()) {
            throw new BadParameter("Upgrade", String.valueOf(request.getHeader("Upgrade")), "websocket");
        }
        var vertx = context.vertx();
        var loop = vertx.getOrCreateContext();
        request.toWebSocket()
                .onSuccess(socket -> {
                    Runnable leave = () -> {
                        var millis = Math.max(1, drain.delay().toMillis());
                        loop.runOnContext(here -> vertx.setTimer(millis, due -> socket.close(GOING_AWAY)));
                    };
                    // After the upgrade the close of the connection is told to the socket only.
                    request.connection().closeHandler(nobody -> {});
                    socket.closeHandler(closed -> {
                        totals.active.decrementAndGet();
                        drain.forget(leave);
                    });
                    echo(socket);
                    drain.enroll(leave);
                })
                .onFailure(context::fail);
    }

    private static void echo(ServerWebSocket socket) {
        socket.textMessageHandler(text -> {
            socket.writeTextMessage(text);
            holdBack(socket);
        });
        socket.binaryMessageHandler(bytes -> {
            socket.writeBinaryMessage(bytes);
            holdBack(socket);
        });
    }

    private static void holdBack(ServerWebSocket socket) {
        if (socket.writeQueueFull()) {
            socket.pause();
            socket.drainHandler(drained -> socket.resume());
        }
    }
}
