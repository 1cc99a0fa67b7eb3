package io.tickstorm.proxy.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way to a server of this machine, which can be cut, and mended at the same port; or swallow what is sent. */
final class Relay implements AutoCloseable {
    private volatile int target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> frozen = ConcurrentHashMap.newKeySet();
    private volatile boolean swallowing;
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

    /** Connections that come from now on lead to another server. */
    void lead(int elsewhere) {
        target = elsewhere;
    }

    /** What is sent on the connections that are open now is lost from now on, and nobody is told; new ones work. */
    void freeze() {
        frozen.addAll(open);
    }

    /** The same, for connections that come as well, until {@link #pass()}. */
    void swallow() {
        swallowing = true;
        freeze();
    }

    /** Connections that come from now on work. */
    void pass() {
        swallowing = false;
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
        Socket upstream;
        try {
            upstream = new Socket(InetAddress.getByName("127.0.0.1"), target);
        } catch (IOException refused) {
            client.close();
            return;
        }
        open.add(client);
        open.add(upstream);
        if (swallowing) {
            freeze();
        }
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
            var bytes = new byte[8192];
            for (int read = from.getInputStream().read(bytes);
                    read >= 0;
                    read = from.getInputStream().read(bytes)) {
                if (!frozen.contains(from)) {
                    to.getOutputStream().write(bytes, 0, read);
                }
            }
        } catch (IOException end) {
            // Cut, or one of the two has gone: either way both are closed.
        } finally {
            open.remove(from);
            open.remove(to);
            frozen.remove(from);
            frozen.remove(to);
        }
    }
}
