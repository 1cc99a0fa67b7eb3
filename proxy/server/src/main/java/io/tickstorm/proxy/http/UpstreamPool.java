package io.tickstorm.proxy.http;

import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollTcpInfo;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.KeepAlive;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections of one event loop to upstreams on which nothing runs, the latest used first.
 *
 * <p>An upstream closes an idle connection when it likes, and a request written at that moment is lost. Four things keep that
 * from happening: connections are used again while they are young (last in, first out); one that the peer has closed is noticed
 * before the write; how long an upstream keeps its connections is learnt ({@link KeepAlive}), and they are retired before that; and a
 * request that must not be sent twice rides only on a connection that was in use just now, or on a new one.
 *
 * <p>One of the connections that are too old to be used is left open and watched, so that what is learnt can also grow.
 */
final class UpstreamPool {
    /** An upstream processed this recently has not been closed: the check costs a system call. */
    private static final long CHECK_AFTER_NANOS = Duration.ofMillis(10).toNanos();

    private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

    private final EventLoop loop;
    private final Ticker ticker;
    private final Map<Upstream, Idle> byUpstream = new IdentityHashMap<>();
    private final EpollTcpInfo tcpInfo = new EpollTcpInfo();
    private boolean sweeping;

    UpstreamPool(EventLoop loop, Ticker ticker) {
        this.loop = loop;
        this.ticker = ticker;
    }

    private static final class Idle {
        final ArrayDeque<UpstreamConnection> connections = new ArrayDeque<>();
        final InetSocketAddress address;
        final KeepAlive keepAlive;
        /** Too old to be used; for seeing how long it lives. */
        @Nullable
        UpstreamConnection watched;

        Idle(Upstream upstream) {
            keepAlive = upstream.keepAlive();
            // Discovery gives addresses; a name would be looked up here, blocking, so the resolver of the channel does
            // it.
            address = new InetSocketAddress(upstream.id().host(), upstream.id().port());
        }
    }

    /**
     * A connection that is open as far as can be known; null if a new one is needed.
     *
     * @param safe whether the request may be sent again should it be lost
     */
    @Nullable
    UpstreamConnection take(Upstream upstream, boolean safe) {
        var idle = byUpstream.get(upstream);
        if (idle == null) {
            return null;
        }
        long now = ticker.nanos();
        long usable = idle.keepAlive.nanos(safe);
        while (true) {
            var newest = idle.connections.peekLast();
            if (newest == null || now - newest.idleSince() > usable) {
                return null; // all others are older still
            }
            idle.connections.pollLast();
            if (open(newest, idle.keepAlive, now - newest.idleSince(), !safe)) {
                return newest;
            }
            newest.close();
        }
    }

    /** Whether it is still open after being idle for so long; what was seen is learnt. */
    private boolean open(UpstreamConnection connection, KeepAlive keepAlive, long age, boolean check) {
        boolean old = age > CHECK_AFTER_NANOS;
        boolean open = connection.open(old || check ? tcpInfo : null);
        if (!open) {
            keepAlive.closed(age);
        } else if (old) {
            keepAlive.open(age);
        }
        return open;
    }

    /** Where the upstream is reached. */
    InetSocketAddress address(Upstream upstream) {
        return idle(upstream).address;
    }

    private Idle idle(Upstream upstream) {
        return byUpstream.computeIfAbsent(upstream, Idle::new);
    }

    /** Keeps a connection on which nothing runs any more; closes it if its upstream is leaving. */
    void put(UpstreamConnection connection) {
        var upstream = connection.upstream();
        if (leaving(upstream)) {
            connection.close();
            drop(upstream);
            return;
        }
        connection.idleSince(ticker.nanos());
        idle(upstream).connections.addLast(connection);
        if (!sweeping) {
            sweeping = true;
            loop.schedule(this::sweep, SWEEP_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** The peer has closed an idle connection: it is forgotten, and its age remembered. */
    void closedByPeer(UpstreamConnection connection) {
        var idle = byUpstream.get(connection.upstream());
        if (idle == null) {
            return;
        }
        boolean known = idle.watched == connection;
        if (known) {
            idle.watched = null;
        } else {
            known = idle.connections.remove(connection);
        }
        if (known && !leaving(connection.upstream())) {
            idle.keepAlive.closed(ticker.nanos() - connection.idleSince());
        }
    }

    /** Closes what is idle to an upstream that is leaving. */
    void drop(Upstream upstream) {
        var idle = byUpstream.remove(upstream);
        if (idle != null) {
            idle.connections.forEach(UpstreamConnection::close);
            if (idle.watched != null) {
                idle.watched.close();
            }
        }
    }

    private void sweep() {
        sweeping = false;
        long now = ticker.nanos();
        boolean left = false;
        for (var idle : byUpstream.values()) {
            retireOld(idle, now);
            left |= idle.watched != null || !idle.connections.isEmpty();
        }
        byUpstream
                .entrySet()
                .removeIf(entry -> entry.getKey().removed()
                        && entry.getValue().watched == null
                        && entry.getValue().connections.isEmpty());
        if (left) {
            sweeping = true;
            loop.schedule(this::sweep, SWEEP_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void retireOld(Idle idle, long now) {
        var watched = idle.watched;
        if (watched != null && now - watched.idleSince() > idle.keepAlive.watchNanos()) {
            idle.watched = null;
            retire(watched, idle.keepAlive, now);
        }
        long usable = idle.keepAlive.nanos(true);
        for (var oldest = idle.connections.peekFirst();
                oldest != null && now - oldest.idleSince() > usable;
                oldest = idle.connections.peekFirst()) {
            idle.connections.pollFirst();
            if (idle.watched == null) {
                idle.watched = oldest;
            } else {
                retire(oldest, idle.keepAlive, now);
            }
        }
    }

    private void retire(UpstreamConnection connection, KeepAlive keepAlive, long now) {
        open(connection, keepAlive, now - connection.idleSince(), true);
        connection.close();
    }

    private static boolean leaving(Upstream upstream) {
        return upstream.removed() || upstream.heldBy(HoldReason.DRAINING);
    }
}
