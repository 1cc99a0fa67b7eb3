package io.tickstorm.proxy.http;

import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollTcpInfo;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections of one event loop to upstreams: those of HTTP/1.1 on which nothing runs, the latest used first, and those of HTTP/2
 * ({@link SharedConnections}).
 *
 * <p>An upstream closes an idle connection when it likes, and a request written at that moment is lost. Four things keep that
 * from happening: connections are used again while they are young (last in, first out); one that the peer has closed is noticed
 * before the write; how long an upstream keeps its connections is learnt ({@link io.tickstorm.proxy.endpoint.KeepAlive}), and they
 * are retired before that; and a request that must not be sent twice rides only on a connection that was in use just now, or on
 * a new one.
 *
 * <p>One of the connections that are too old to be used is left open and watched, so that what is learnt can also grow.
 */
final class UpstreamPool {
    private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

    private final Worker worker;
    private final EventLoop loop;
    private final Ticker ticker;
    private final Map<Upstream, IdleConnections> byUpstream = new IdentityHashMap<>();
    private final Map<Upstream, SharedConnections> shared = new IdentityHashMap<>();
    private final EpollTcpInfo tcpInfo = new EpollTcpInfo();
    private boolean sweeping;

    UpstreamPool(Worker worker, EventLoop loop, Ticker ticker) {
        this.worker = worker;
        this.loop = loop;
        this.ticker = ticker;
    }

    /**
     * A connection that is open as far as can be known; null if a new one is needed.
     *
     * @param safe whether the request may be sent again should it be lost
     */
    @Nullable
    UpstreamConnection take(Upstream upstream, boolean safe) {
        var idle = byUpstream.get(upstream);
        return idle == null ? null : idle.take(safe, ticker.nanos());
    }

    /** Connections of HTTP/2 to this upstream. */
    SharedConnections shared(Upstream upstream) {
        return shared.computeIfAbsent(upstream, this::share);
    }

    private SharedConnections share(Upstream upstream) {
        if (!sweeping) {
            sweepLater();
        }
        return new SharedConnections(worker, upstream, idle(upstream));
    }

    /** Where the upstream is reached. */
    InetSocketAddress address(Upstream upstream) {
        return idle(upstream).address();
    }

    /** Where new connections to this upstream belong. */
    IdleConnections idle(Upstream upstream) {
        return byUpstream.computeIfAbsent(upstream, added -> new IdleConnections(added, loop, tcpInfo));
    }

    /** Keeps a connection on which nothing runs any more; closes it if its upstream is leaving, or if it was dropped meanwhile. */
    void put(UpstreamConnection connection) {
        var idle = connection.home();
        if (idle == null) {
            connection.close(); // a stream is not used again
            return;
        }
        idle.put(connection, ticker.nanos());
        if (idle.leaving()) {
            drop(connection.upstream());
        } else if (!sweeping) {
            sweepLater();
        }
    }

    /** The peer has closed an idle connection: it is forgotten, and its age remembered. */
    void closedByPeer(UpstreamConnection connection) {
        var idle = byUpstream.get(connection.upstream());
        if (idle != null) {
            idle.closed(connection, ticker.nanos());
        }
    }

    /** Closes what is idle, and what runs when it has ended; whoever comes next gets a new connection. */
    void drop(Upstream upstream) {
        var idle = byUpstream.remove(upstream);
        if (idle != null) {
            idle.close();
        }
        var streams = shared.remove(upstream);
        if (streams != null) {
            streams.close();
        }
    }

    private void sweepLater() {
        sweeping = true;
        loop.schedule(this::sweep, SWEEP_NANOS, TimeUnit.NANOSECONDS);
    }

    private void sweep() {
        sweeping = false;
        long now = ticker.nanos();
        boolean left = false;
        for (var all = byUpstream.entrySet().iterator(); all.hasNext(); ) {
            var each = all.next();
            var idle = each.getValue();
            idle.retire(now);
            if (!idle.isEmpty()) {
                left = true;
            } else if (each.getKey().removed()) {
                idle.close();
                all.remove();
            }
        }
        for (var all = shared.entrySet().iterator(); all.hasNext(); ) {
            var each = all.next();
            var streams = each.getValue();
            streams.sweep(now);
            if (each.getKey().removed() && streams.isEmpty()) {
                streams.close();
                all.remove();
            }
        }
        if (left || !shared.isEmpty()) {
            sweepLater();
        }
    }
}
