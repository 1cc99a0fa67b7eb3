package io.tickstorm.proxy.tcp;

import io.netty.channel.socket.SocketChannel;
import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.admission.AcceptRate;
import io.tickstorm.proxy.admission.Client;
import io.tickstorm.proxy.admission.ClientLimits;
import io.tickstorm.proxy.admission.ConnectionLimit;
import io.tickstorm.proxy.admission.DrainGate;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.route.ServerNameRoutes;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.tls.ServerTls;
import io.tickstorm.proxy.tls.UpstreamTls;
import io.tickstorm.proxy.transport.Beginning;
import io.tickstorm.proxy.transport.Ends;
import io.tickstorm.proxy.transport.Transport;
import io.tickstorm.proxy.transport.splice.Pipes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The sessions of one listener: who comes in, what runs, and what they count together. Any thread. */
final class Sessions {
    /** Two for each session whose bytes pour. */
    private static final int PIPES = 512;

    /**
     * All of them together, with 1 MiB in each of these, are 56 MiB of the kernel's memory: less than the 64 MiB that a user without
     * privileges may have (/proc/sys/fs/pipe-user-pages-soft).
     */
    private static final int LARGE_PIPES = 24;

    final String listener;
    final Transport transport;
    final ServerTls tls;
    final UpstreamTls upstreams;
    final Beginning beginning;
    final ClientLimits clients;
    final AcceptRate accepting;
    final Ticker ticker;
    final AccessLog access;
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder unserved = new LongAdder();
    final LongAdder headersRefused = new LongAdder();
    final LongAdder spliced = new LongAdder();
    final Pipes pipes = new Pipes(PIPES, LARGE_PIPES);
    final LongAdder unrouted = new LongAdder();

    private final Set<TcpSession> running = ConcurrentHashMap.newKeySet();
    private final DrainGate gate = new DrainGate();
    private final ConnectionLimit places;
    private volatile ServerNameRoutes<Split> routes;
    private volatile ListenerLimits.Tcp limits;

    Sessions(
            String listener,
            Transport transport,
            ServerTls tls,
            UpstreamTls upstreams,
            Routes<Split> routes,
            ListenerLimits.Tcp limits,
            Beginning beginning,
            ClientLimits clients,
            AcceptRate accepting,
            Ticker ticker,
            AccessLog access) {
        this.listener = listener;
        this.transport = transport;
        this.tls = tls;
        this.upstreams = upstreams;
        this.routes = new ServerNameRoutes<>(routes);
        this.limits = limits;
        this.beginning = beginning;
        this.clients = clients;
        this.accepting = accepting;
        this.ticker = ticker;
        this.access = access;
        this.places = new ConnectionLimit(limits.maxConnections());
    }

    /** On the event loop of a connection that has just come in. */
    void accept(SocketChannel client) {
        var from = client.remoteAddress();
        if (from == null || client.localAddress() == null) {
            reset(client);
            return;
        }
        Transport.watch(client, beginning.keepAlive());
        new Arrival(this, client, from).begin();
    }

    /** A connection may come in; it holds what {@link #ended} gives back. */
    void begin(SocketChannel client, Client whose, Backend backend) {
        var session = new TcpSession(this, client, whose, backend, limits);
        running.add(session);
        session.start();
    }

    /** Takes a place for a connection; false if there is none. */
    boolean enter() {
        if (!gate.enter()) {
            return false;
        }
        if (places.tryAcquire()) {
            return true;
        }
        gate.exit();
        return false;
    }

    /** On the event loop of a session that has ended. */
    void ended(TcpSession session) {
        clients.disconnected(session.whose());
        running.remove(session);
        leave();
    }

    /** Undoes {@link #enter}. */
    void leave() {
        places.release();
        gate.exit();
    }

    void route(Routes<Split> changed) {
        routes = new ServerNameRoutes<>(changed);
    }

    ServerNameRoutes<Split> routes() {
        return routes;
    }

    void limit(ListenerLimits.Tcp changed) {
        limits = changed;
        places.limit(changed.maxConnections());
    }

    void close() {
        gate.close();
    }

    void whenEmpty(Runnable task) {
        gate.whenEmpty(task);
    }

    void abort() {
        running.forEach(TcpSession::abort);
    }

    List<String> describe() {
        return running.stream().map(TcpSession::toString).toList();
    }

    int open() {
        return places.open();
    }

    long accepted() {
        return places.accepted();
    }

    long refused() {
        return places.refused();
    }

    long unserved() {
        return unserved.sum();
    }

    long spliced() {
        return spliced.sum();
    }

    long bytesIn() {
        return bytesIn.sum();
    }

    long bytesOut() {
        return bytesOut.sum();
    }

    /** Closes so that the peer sees a reset, not an orderly end. */
    static void reset(SocketChannel channel) {
        if (channel.isOpen()) {
            Ends.of(channel).reset(channel);
        }
    }
}
