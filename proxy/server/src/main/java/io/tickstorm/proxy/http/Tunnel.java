package io.tickstorm.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.tickstorm.proxy.admission.Parting;
import io.tickstorm.proxy.endpoint.Upstream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection that became a WebSocket, and how the proxy ends it: the client is told that the server goes away (1001), and its
 * own Close, which passes as any frame does, tells the server. So nothing is lost that a client sent before it knew. For a client
 * that does not answer the proxy tells the server. Then the two close their connections; one that does not is cut off at the end
 * of the drain. On its event loop, but {@link #toString}.
 */
final class Tunnel {
    private final Worker worker;
    private final Upstream upstream;
    private final ChannelHandlerContext client;
    private final ChannelHandlerContext server;
    private final Passage toClient;
    private final Passage toServer;
    private final Runnable closed;
    private final long began;
    private final Deadline turn = new Deadline(this::goAway);
    private final Deadline answer = new Deadline(this::endToServer);
    private @Nullable Parting parting;

    /** @param closed runs for each of the ends when it is closed */
    Tunnel(
            Worker worker,
            Upstream upstream,
            ChannelHandlerContext client,
            ChannelHandlerContext server,
            Runnable closed) {
        this.worker = worker;
        this.upstream = upstream;
        this.client = client;
        this.server = server;
        this.closed = closed;
        toClient = Passage.toClient(client.channel());
        toServer = Passage.toServer(server.channel(), worker);
        began = worker.nanos();
    }

    /** Bytes of the server that came with its answer, and go to the client with that. */
    void passesWithAnswer(ByteBuf first) {
        toClient.passes(first);
    }

    /**
     * Joins two connections whose handlers have done their work.
     *
     * @param early what has come of the client already
     */
    void join(@Nullable ByteBuf early) {
        for (var end : new ChannelHandlerContext[] {client, server}) {
            end.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            end.channel().config().setOption(ChannelOption.SO_KEEPALIVE, true);
        }
        client.pipeline().replace(client.handler(), null, new TunnelEnd(toServer, this::clientEnds, this::ended));
        server.pipeline().replace(server.handler(), null, new TunnelEnd(toClient, () -> {}, this::ended));
        client.channel().config().setAutoRead(server.channel().isWritable());
        server.channel().config().setAutoRead(client.channel().isWritable());
        if (early != null) {
            toServer.pass(early);
            server.channel().flush();
        }
        var begun = worker.listening().parting();
        if (begun != null) {
            part(begun);
        }
    }

    /** The listener parts with its WebSockets: this one has its turn. Once. */
    void part(Parting from) {
        if (parting != null) {
            return;
        }
        parting = from;
        var wait = from.turn();
        if (wait.isZero()) {
            goAway();
        } else {
            turn.arm(worker.within(wait));
        }
    }

    /** Unless it ends by itself, or is none. */
    private void goAway() {
        if (toClient.open() && toServer.open()) {
            toClient.goAway();
            answer.arm(worker.within(parting == null ? Duration.ZERO : parting.patience()));
        }
    }

    private void endToServer() {
        toServer.goAway();
    }

    private void clientEnds() {
        if (answer.armed()) {
            endToServer();
        }
    }

    private void ended() {
        turn.cancel();
        answer.cancel();
        closed.run();
    }

    /** For the log. Any thread. */
    @Override
    public String toString() {
        return "-> " + upstream + ", "
                + Duration.ofNanos(worker.nanos() - began).toSeconds() + " s";
    }
}
