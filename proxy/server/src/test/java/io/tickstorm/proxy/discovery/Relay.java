package io.tickstorm.proxy.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way to a server of this machine, which can be cut, and mended at the same port. */
final class Relay implements AutoCloseable {
    private final int target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket server;

    Relay(int target) throws IOException {
        this.target = target;
        this.server = listen(0);
        this.port = server.getLocalPort();
    }

    int port() {
        return port;
    }

    /** From now on connections are refused; those that were open are closed. */
    void cut() throws IOException {
        server.close();
        for (var socket : open) {
            socket.close();
        }
    }

    void mend() throws IOException {
        server = listen(port);
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private ServerSocket listen(int wanted) throws IOException {
        var listening = new ServerSocket(wanted, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(() -> accept(listening));
        return listening;
    }

    private void accept(ServerSocket listening) {
        try {
            while (true) {
                join(listening, listening.accept());
            }
        } catch (IOException cut) {
            // The next one to listen has a thread of its own.
        }
    }

    private void join(ServerSocket listening, Socket client) throws IOException {
        var upstream = new Socket(InetAddress.getByName("127.0.0.1"), target);
        open.add(client);
        open.add(upstream);
        Thread.ofVirtual().start(() -> pass(client, upstream));
        Thread.ofVirtual().start(() -> pass(upstream, client));
        if (listening.isClosed()) {
            // It came in while the way was being cut.
            client.close();
            upstream.close();
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException end) {
            // Cut, or one of the two has gone: either way both are closed.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }
}
