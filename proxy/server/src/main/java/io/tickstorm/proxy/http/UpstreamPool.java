package io.tickstorm.proxy.http;

import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollTcpInfo;
import io.tickstorm.proxy.endpoint.HoldReason;
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
 * <p>An upstream closes an idle connection when it likes, and a request written at that moment is lost. Four things make that
 * rare: connections are used again while they are young (last in, first out); one that the peer has closed is noticed before
 * the write; how long an upstream keeps its connections is learnt from the first one it closes; and a request that must not be
 * sent twice rides only on a connection that was in use just now, or on a new one.
 */
final class UpstreamPool {
    /** Below the shortest idle timeout that servers come with: 5 s (Node.js, uvicorn, Apache httpd). */
    static final Duration MAX_IDLE = Duration.ofSeconds(4);

    /**
     * For requests that must not be sent twice. Servers with a shorter idle timeout than a second hardly exist; below it, the
     * window that is left is the time a FIN takes to travel.
     */
    static final Duration MAX_IDLE_UNSAFE = Duration.ofSeconds(1);

    /** What is learnt never goes below this, so that one odd server cannot force a connection per request on us. */
    private static final long MIN_LEARNT_NANOS = Duration.ofMillis(50).toNanos();

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
        long maxIdleNanos = MAX_IDLE.toNanos();

        Idle(Upstream upstream) {
            // Discovery gives addresses; a name would be looked up here, blocking, so the resolver of the channel does
            // it.
            address = new InetSocketAddress(upstream.id().host(), upstream.id().port());
        }

        /** The peer closed a connection that had been idle for so long, or less. */
        void learn(long age) {
            maxIdleNanos = Math.max(MIN_LEARNT_NANOS, Math.min(maxIdleNanos, age / 2));
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
        for (var newest = idle.connections.peekLast(); newest != null; newest = idle.connections.peekLast()) {
            long age = now - newest.idleSince();
            if (!safe && age > Math.min(idle.maxIdleNanos, MAX_IDLE_UNSAFE.toNanos())) {
                return null; // all others are older still; a safe request may take one
            }
            idle.connections.pollLast();
            boolean check = !safe || age > CHECK_AFTER_NANOS;
            if (age <= idle.maxIdleNanos) {
                if (newest.open(check ? tcpInfo : null)) {
                    return newest;
                }
                idle.learn(age);
            }
            newest.close();
        }
        return null;
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
        if (idle != null && idle.connections.remove(connection)) {
            idle.learn(ticker.nanos() - connection.idleSince());
        }
    }

    /** Closes what is idle to an upstream that is leaving. */
    void drop(Upstream upstream) {
        var idle = byUpstream.remove(upstream);
        if (idle != null) {
            idle.connections.forEach(UpstreamConnection::close);
        }
    }

    private void sweep() {
        sweeping = false;
        long now = ticker.nanos();
        boolean left = false;
        for (var idle : byUpstream.values()) {
            for (var oldest = idle.connections.peekFirst();
                    oldest != null && now - oldest.idleSince() > idle.maxIdleNanos;
                    oldest = idle.connections.peekFirst()) {
                idle.connections.pollFirst();
                oldest.close();
            }
            left |= !idle.connections.isEmpty();
        }
        byUpstream
                .entrySet()
                .removeIf(entry ->
                        entry.getKey().removed() && entry.getValue().connections.isEmpty());
        if (left) {
            sweeping = true;
            loop.schedule(this::sweep, SWEEP_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private static boolean leaving(Upstream upstream) {
        return upstream.removed() || upstream.heldBy(HoldReason.DRAINING);
    }
}
