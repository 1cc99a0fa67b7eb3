package io.tickstorm.proxy.tcp;

import io.netty.channel.socket.SocketChannel;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.admission.Client;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.proxyprotocol.Addresses;
import io.tickstorm.proxy.proxyprotocol.HeaderFault;
import io.tickstorm.proxy.proxyprotocol.ProxyProtocolReader;
import io.tickstorm.proxy.sni.ServerNameReader;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection on its way from the accept to its session: who it is from, and whether it may come in. What it holds meanwhile is
 * given back if it gets no session. On the event loop of the connection.
 */
final class Arrival {
    /** For a whole ClientHello: as long as for a PROXY header, and one more look at a lost segment would take a second. */
    private static final Duration HELLO_TIMEOUT = Duration.ofSeconds(5);

    private final Sessions sessions;
    private final SocketChannel client;
    private final InetSocketAddress peer;
    private @Nullable Client whose;
    private boolean placed;
    private boolean over;

    /** @param peer at the other end of the socket */
    Arrival(Sessions sessions, SocketChannel client, InetSocketAddress peer) {
        this.sessions = sessions;
        this.client = client;
        this.peer = peer;
    }

    void begin() {
        var header = sessions.beginning.proxyProtocol();
        if (header == null) {
            identified();
        } else if (place(peer)) {
            leavesWithItsConnection();
            ProxyProtocolReader.begin(client, header, this::identified, this::unidentified);
        }
    }

    private void unidentified(HeaderFault fault) {
        sessions.headersRefused.increment();
        tell(peer, Termination.PROXY_HEADER_REFUSED, fault.words());
    }

    private void identified() {
        var from = Addresses.source(client);
        var asking = Client.of(from.getAddress());
        // Before the rest, so that a client that is over its limits takes nothing from the others. It is counted and
        // not logged: a flood of connections must not become one of lines.
        if (!sessions.clients.tryConnect(asking)) {
            turnAway();
            return;
        }
        whose = asking;
        if (!sessions.accepting.tryAccept()) {
            turnAway();
        } else if (placed || place(from)) {
            route(from, asking);
        }
    }

    private void route(InetSocketAddress from, Client asking) {
        var routes = sessions.routes();
        if (!routes.distinguishes()) {
            begin(from, asking, routes.choose(null), "");
            return;
        }
        leavesWithItsConnection();
        client.pipeline()
                .addLast(new ServerNameReader(
                        HELLO_TIMEOUT,
                        name -> begin(
                                from,
                                asking,
                                routes.choose(name),
                                name == null ? "no name was asked for" : "asked for " + name),
                        fault -> unrouted(from, Termination.CLIENT_HELLO_REFUSED, fault.words())));
    }

    /** @param asked for the log, should there be no route */
    private void begin(InetSocketAddress from, Client asking, @Nullable Split target, String asked) {
        if (target == null) {
            unrouted(from, Termination.NO_ROUTE, asked);
            turnAway();
        } else {
            over = true;
            sessions.begin(client, asking, target.pick());
        }
    }

    private void unrouted(InetSocketAddress from, Termination why, String detail) {
        sessions.unrouted.increment();
        tell(from, why, detail);
    }

    /** It waits for what its connection begins with. */
    private void leavesWithItsConnection() {
        client.closeFuture().addListener(closed -> giveBack());
    }

    private boolean place(InetSocketAddress from) {
        placed = sessions.enter();
        if (!placed) {
            turnAway();
            tell(from, Termination.TOO_MANY_CONNECTIONS, "");
        }
        return placed;
    }

    private void turnAway() {
        giveBack();
        Sessions.reset(client);
    }

    private void giveBack() {
        if (over) {
            return;
        }
        over = true;
        if (whose != null) {
            sessions.clients.disconnected(whose);
        }
        if (placed) {
            sessions.leave();
        }
    }

    private void tell(InetSocketAddress from, Termination why, String detail) {
        if (sessions.access.wants(true)) {
            new Account(sessions, from, sessions.ticker.nanos()).tell("", 0, 0, why, detail);
        }
    }
}
