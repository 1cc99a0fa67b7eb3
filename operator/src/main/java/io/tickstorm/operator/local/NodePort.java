package io.tickstorm.operator.local;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A node port on loopback: does for the proxies what kube-proxy does on a node. A new connection goes to a proxy picked at
 * random among those that take new work; an established one stays with its proxy to the end. So proxies can be rolled here
 * as they are in a cluster, each on a port of its own.
 *
 * <p>Sharing one port by {@code SO_REUSEPORT} would save the copying, but when a listening socket is closed the kernel
 * resets the connections that wait in its queue (unless {@code tcp_migrate_req} is set): a roll would lose requests.
 *
 * <p>Blocking, on virtual threads. Thread-safe.
 */
final class NodePort implements AutoCloseable {
    static final String LOOPBACK = "127.0.0.1";

    private static final int BACKLOG = 4096;
    private static final Duration OUT_OF_DESCRIPTORS = Duration.ofMillis(10);

    private final ServerSocketChannel server;
    private final int port;
    private final Set<Relay> relays = ConcurrentHashMap.newKeySet();
    private volatile List<InetSocketAddress> targets = List.of();

    private NodePort(ServerSocketChannel server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Listens from now on.
     *
     * @param port 0 for any free one
     * @throws BindException with a message for the user if the port is taken
     */
    static NodePort open(int port) throws IOException {
        var server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(LOOPBACK, port), BACKLOG);
        } catch (BindException e) {
            server.close();
            throw (BindException) new BindException("node port " + port + " on " + LOOPBACK
                            + " is taken (expected: a free port; another `tickstorm run`, or a cluster on this machine, may"
                            + " have it: stop that, or shift all node ports with --port-offset)")
                    .initCause(e);
        }
        var bound = (InetSocketAddress) server.getLocalAddress();
        var nodePort = new NodePort(server, bound.getPort());
        Thread.ofVirtual().name("node-port-" + bound.getPort()).start(nodePort::accept);
        return nodePort;
    }

    int port() {
        return port;
    }

    /** Where new connections go from now on. */
    void targets(List<InetSocketAddress> addresses) {
        targets = List.copyOf(addresses);
    }

    /** Takes no new connections. Those that are there go on. */
    void stopAccepting() {
        try {
            server.close();
        } catch (IOException e) {
            // It cannot be more closed than this.
        }
    }

    @Override
    public void close() {
        stopAccepting();
        relays.forEach(Relay::abort);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                var client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // Closed by us; or out of descriptors, which passes when a connection ends.
                LockSupport.parkNanos(OUT_OF_DESCRIPTORS.toNanos());
            }
        }
    }

    private void serve(SocketChannel client) {
        var order = new ArrayList<>(targets);
        Collections.shuffle(order);
        for (var target : order) {
            try {
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                var proxy = SocketChannel.open(target);
                proxy.setOption(StandardSocketOptions.TCP_NODELAY, true);
                relay(new Relay(client, proxy));
                return;
            } catch (IOException refused) {
                // That one has just gone; nothing was sent to it yet.
            }
        }
        Relay.reset(client);
    }

    private void relay(Relay relay) {
        relays.add(relay);
        try {
            relay.run();
        } finally {
            relays.remove(relay);
        }
    }
}
