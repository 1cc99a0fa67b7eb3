package io.tickstorm.proxy.http;

import io.netty.channel.epoll.EpollTcpInfo;
import io.tickstorm.proxy.endpoint.Connections;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.KeepAlive;
import io.tickstorm.proxy.endpoint.Upstream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What is idle between one event loop and one upstream, and what can be learnt from it. For that loop. */
final class IdleConnections {
    /** An upstream processed this recently has not been closed: the check costs a system call. */
    private static final long CHECK_AFTER_NANOS = Duration.ofMillis(10).toNanos();

    private final Upstream upstream;
    private final EpollTcpInfo tcpInfo;
    private final InetSocketAddress address;
    private final KeepAlive keepAlive;
    private final Connections open;
    private final Runnable wanted;
    /** The latest last. */
    private final ArrayDeque<UpstreamConnection> connections = new ArrayDeque<>();

    /** One that is too old to be used, left open so that its end can be seen. */
    private @Nullable UpstreamConnection watched;

    private boolean closed;

    /** @param tcpInfo scratch */
    IdleConnections(Upstream upstream, Executor loop, EpollTcpInfo tcpInfo) {
        this.upstream = upstream;
        this.tcpInfo = tcpInfo;
        keepAlive = upstream.keepAlive();
        open = upstream.connections();
        // Discovery gives addresses; a name would be looked up here, blocking, so the resolver of the channel does it.
        address = new InetSocketAddress(upstream.id().host(), upstream.id().port());
        wanted = () -> loop.execute(this::makeRoom);
        open.hold(wanted);
    }

    Upstream upstream() {
        return upstream;
    }

    /** Where the upstream is reached. */
    InetSocketAddress address() {
        return address;
    }

    boolean isEmpty() {
        return connections.isEmpty() && watched == null;
    }

    /** The latest one, if it is open and young enough; null if none is. */
    @Nullable
    UpstreamConnection take(boolean safe, long now) {
        long usable = keepAlive.nanos(safe);
        while (true) {
            var newest = connections.peekLast();
            if (newest == null || now - newest.idleSince() > usable) {
                return null; // all others are older still
            }
            connections.pollLast();
            if (lives(newest, now, !safe)) {
                return newest;
            }
            newest.close();
        }
    }

    /** Keeps a connection, unless it is of no use any more or somebody needs the room. */
    void put(UpstreamConnection connection, long now) {
        if (closed || leaving() || open.wanted()) {
            connection.close();
        } else {
            connection.idleSince(now);
            connections.addLast(connection);
        }
    }

    /** Whether what is kept is of no use any more. */
    boolean leaving() {
        return upstream.removed() || upstream.heldBy(HoldReason.DRAINING);
    }

    /** The peer has closed one. */
    void closed(UpstreamConnection connection, long now) {
        boolean known = connection == watched;
        if (known) {
            watched = null;
        } else {
            known = connections.remove(connection);
        }
        if (known && !leaving()) {
            keepAlive.closed(now - connection.idleSince());
        }
    }

    /** Closes those that are too old to be used; one of them only once it has been watched. */
    void retire(long now) {
        if (watched != null && now - watched.idleSince() > keepAlive.watchNanos()) {
            retire(watched, now);
            watched = null;
        }
        long usable = keepAlive.nanos(true);
        for (var oldest = connections.peekFirst();
                oldest != null && now - oldest.idleSince() > usable;
                oldest = connections.peekFirst()) {
            connections.pollFirst();
            if (watched == null) {
                watched = oldest;
            } else {
                retire(oldest, now);
            }
        }
    }

    private void retire(UpstreamConnection connection, long now) {
        lives(connection, now, true);
        connection.close();
    }

    /** Whether it is still open after having been idle; what was seen is learnt. */
    private boolean lives(UpstreamConnection connection, long now, boolean check) {
        long age = now - connection.idleSince();
        boolean old = age > CHECK_AFTER_NANOS;
        boolean lives = connection.open(old || check ? tcpInfo : null);
        if (!lives) {
            keepAlive.closed(age);
        } else if (old) {
            keepAlive.open(age);
        }
        return lives;
    }

    /** Closes what has been idle longest, for somebody who needs a connection and may not open one more. */
    private void makeRoom() {
        if (!open.wanted()) {
            return;
        }
        var oldest = watched == null ? connections.pollFirst() : watched;
        watched = null;
        if (oldest != null) {
            oldest.close();
        }
    }

    /** Closes all of them, and what is put here later. */
    void close() {
        closed = true;
        open.release(wanted);
        connections.forEach(UpstreamConnection::close);
        connections.clear();
        if (watched != null) {
            watched.close();
            watched = null;
        }
    }
}
