package io.tickstorm.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Says its name and a blank on every connection, then sends back what it gets. */
final class EchoServer implements AutoCloseable {
    private final ServerSocket server;
    private final String name;

    private EchoServer(ServerSocket server, String name) {
        this.server = server;
        this.name = name;
    }

    static EchoServer start(String name) throws IOException {
        var echo = new EchoServer(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), name);
        Thread.ofVirtual().start(echo::accept);
        return echo;
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** Whether the next read finds that the peer has reset the connection. */
    static boolean wasReset(Socket socket) throws IOException {
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketException reset) {
            return reset.getMessage().contains("reset");
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> talk(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void talk(Socket socket) {
        try (socket) {
            socket.getOutputStream().write((name + " ").getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException end) {
            // The client or the proxy has gone; what should have been seen is asserted there.
        }
    }
}
