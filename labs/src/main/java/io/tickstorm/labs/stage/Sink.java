package io.tickstorm.labs.stage;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP server that keeps connections for as long as clients do, without a word. Thread-safe. */
public final class Sink implements Listening, AutoCloseable {
    private static final int BACKLOG = 4096;

    private final String name;
    private final ServerSocketChannel listening;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

    /** @param port 0 for any free one */
    public Sink(String name, int port) throws IOException {
        this.name = name;
        listening = ServerSocketChannel.open().bind(new InetSocketAddress(Stage.LOOPBACK, port), BACKLOG);
        Thread.ofVirtual().name(name).start(this::accept);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int port() {
        return listening.socket().getLocalPort();
    }

    /** Connections that are open. */
    public int open() {
        return connections.size();
    }

    /** Ends at once, with all connections. */
    @Override
    public void close() throws IOException {
        listening.close();
        for (var connection : connections) {
            connection.close();
        }
    }

    private void accept() {
        try {
            while (listening.isOpen()) {
                var connection = listening.accept();
                connections.add(connection);
                Thread.startVirtualThread(() -> keep(connection));
            }
        } catch (IOException e) {
            // Closed by us.
        }
    }

    private void keep(SocketChannel connection) {
        var ignored = ByteBuffer.allocate(16);
        try (connection) {
            while (connection.read(ignored.clear()) >= 0) {
                // Whatever it says.
            }
        } catch (IOException e) {
            // As good as the end.
        } finally {
            connections.remove(connection);
        }
    }
}
