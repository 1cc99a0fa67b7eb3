package io.tickstorm.proxy.http;

import io.tickstorm.proxy.endpoint.Connections;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.KeepAlive;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.http2.ClientCodec;
import io.tickstorm.proxy.tls.ClientTls;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of HTTP/2 between one event loop and one upstream: as few as have room for what runs. Attempts that find none wait for
 * one that is being opened, or for a stream that ends. For that loop.
 */
final class SharedConnections implements Dial.Caller<SharedConnection> {
    /** An idle time below this one tells nothing of how long the upstream leaves idle connections open. */
    private static final long NOTABLE_NANOS = Duration.ofMillis(10).toNanos();

    private final Worker worker;
    private final Upstream upstream;
    private final IdleConnections single;
    private final KeepAlive keepAlive;
    private final Connections open;
    private final Runnable wanted;
    private final List<SharedConnection> connections = new ArrayList<>();
    private final ArrayDeque<Attempt> waiting = new ArrayDeque<>();
    private int opening;
    private int streamsEach = ClientCodec.MAX_STREAMS;
    private boolean serving;
    private boolean closed;

    /** @param single where those belong on which the upstream chooses HTTP/1.1 */
    SharedConnections(Worker worker, Upstream upstream, IdleConnections single) {
        this.worker = worker;
        this.upstream = upstream;
        this.single = single;
        keepAlive = upstream.keepAlive();
        open = upstream.connections();
        wanted = () -> worker.loop().execute(this::makeRoom);
        open.hold(wanted);
    }

    Upstream upstream() {
        return upstream;
    }

    /**
     * A stream on a connection that is there; null if there is none with room.
     *
     * @param repeatable whether the request may be sent again should it be lost: else none is used that has been idle for long, for
     *     which the upstream may close it at this moment
     */
    @Nullable
    UpstreamConnection take(boolean repeatable) {
        long now = worker.nanos();
        long usable = keepAlive.nanos(repeatable);
        for (var connection : List.copyOf(connections)) {
            if (!connection.takes()) {
                continue;
            }
            long idle = connection.idleNanos(now);
            if (idle > NOTABLE_NANOS) {
                keepAlive.open(idle);
            }
            if (idle <= usable) {
                return connection.open();
            }
            connection.retire(); // the one that takes its place serves all
        }
        return null;
    }

    /** Gives the attempt a stream as soon as there is one. */
    void await(Attempt attempt) {
        waiting.addLast(attempt);
        openMore();
    }

    private void openMore() {
        waiting.removeIf(Attempt::over);
        while ((long) opening * streamsEach < waiting.size()) {
            opening++;
            new Dial<>(worker, upstream, new SharedConnection(worker, this), this).start();
        }
    }

    @Override
    public boolean over() {
        waiting.removeIf(Attempt::over);
        return waiting.isEmpty();
    }

    /** They are all of one backend; a connection is only opened for somebody who waits. */
    @Override
    public @Nullable ClientTls tls() {
        return waiting.getFirst().tls();
    }

    @Override
    public void dropped() {
        opening--;
    }

    @Override
    public void connected(SharedConnection connection) {
        connection.begin();
    }

    /** The upstream has chosen HTTP/1.1 for this connection, so that it is one attempt's. */
    void http1(SharedConnection connection) {
        opening--;
        streamsEach = 1;
        waiting.removeIf(Attempt::over);
        var first = waiting.pollFirst();
        if (first == null) {
            connection.channel().close();
            return;
        }
        var own = new UpstreamConnection(worker, single);
        connection.leaveTo(own);
        first.connected(own);
        openMore();
    }

    /** The upstream of this connection has said what it allows. */
    void ready(SharedConnection connection) {
        opening--;
        connections.add(connection);
        streamsEach = Math.max(1, connection.capacity());
        if (connection.capacity() == 0) {
            failAll(FailureKind.CONNECT_FAILED, "the server speaks HTTP/2 and takes no requests");
        } else {
            serve();
        }
        if (closed) {
            connection.retire();
        }
    }

    @Override
    public void failed(FailureKind kind, String reason) {
        opening--;
        failAll(kind, reason);
    }

    private void failAll(FailureKind kind, String reason) {
        for (var all = List.copyOf(waiting); !all.isEmpty(); all = List.of()) {
            waiting.clear();
            for (var attempt : all) {
                if (!attempt.over()) {
                    attempt.failed(kind, reason);
                }
            }
        }
    }

    /** There may be room for those who wait; now is not the moment to begin with something. */
    void serveSoon() {
        if (!serving && !waiting.isEmpty()) {
            serving = true;
            worker.loop().execute(this::serve);
        }
    }

    private void serve() {
        serving = false;
        for (var next = waiting.peekFirst(); next != null; next = waiting.peekFirst()) {
            var stream = next.over() ? null : take(next.repeatable());
            if (stream == null && !next.over()) {
                break;
            }
            waiting.pollFirst();
            if (stream != null) {
                next.connected(stream);
            }
        }
        openMore();
    }

    /** The upstream ends this one, at once or when what runs on it has ended. */
    void ending(SharedConnection connection) {
        long idle = connection.idleNanos(worker.nanos());
        if (idle > NOTABLE_NANOS && !closed) {
            keepAlive.closed(idle);
        }
    }

    /** One is closed. */
    void closed(SharedConnection connection) {
        if (connections.remove(connection)) {
            openMore();
        }
    }

    boolean isEmpty() {
        return connections.isEmpty() && waiting.isEmpty() && opening == 0;
    }

    /** Closes what has been idle for long; longer than it would be used, so that it is seen how long the upstream leaves it open. */
    void sweep(long now) {
        for (var connection : List.copyOf(connections)) {
            long idle = connection.idleNanos(now);
            if (idle > keepAlive.watchNanos()) {
                keepAlive.open(idle);
                connection.retire();
            }
        }
    }

    /** Closes one that is idle, for somebody who needs a connection and may not open one more. */
    private void makeRoom() {
        if (!open.wanted()) {
            return;
        }
        for (var connection : connections) {
            if (connection.idleNanos(worker.nanos()) > 0) {
                connection.retire();
                return;
            }
        }
    }

    /** Finishes what runs, and opens no more; what waits goes on waiting for what is being opened. */
    void close() {
        closed = true;
        open.release(wanted);
        List.copyOf(connections).forEach(SharedConnection::retire);
    }
}
