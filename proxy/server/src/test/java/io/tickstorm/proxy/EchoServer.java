package io.tickstorm.proxy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Says its name and a blank on every connection, then sends back what it gets. */
final class EchoServer implements AutoCloseable {
    private final Acceptor server;
    private final String name;

    private EchoServer(String name) {
        this.name = name;
        server = Acceptor.start(50, connection -> Thread.ofVirtual().start(() -> talk(connection)));
    }

    static EchoServer start(String name) {
        return new EchoServer(name);
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
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

    private void talk(Socket socket) {
        try (socket) {
            socket.getOutputStream().write((name + " ").getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException end) {
            // The client or the proxy has gone; what should have been seen is asserted there.
        }
    }
}
