package io.tickstorm.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Takes connections on a free port of loopback, in a thread of its own, until it is closed. */
public final class Acceptor implements AutoCloseable {
    private final ServerSocket socket;
    private final Each each;
    private final Thread thread;

    /** What is done about a connection; called one after the other, so whatever takes time wants a thread of its own. */
    public interface Each {
        /** Should it throw, the other side is gone already. */
        void accepted(Socket connection) throws IOException;
    }

    private Acceptor(ServerSocket socket, Each each) {
        this.socket = socket;
        this.each = each;
        this.thread = Thread.ofVirtual().unstarted(this::accept);
    }

    /** @param backlog connections that may wait to be accepted */
    public static Acceptor start(int backlog, Each each) {
        try {
            var acceptor = new Acceptor(new ServerSocket(0, backlog, InetAddress.getByName("127.0.0.1")), each);
            acceptor.thread.start();
            return acceptor;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** Returns when connections are refused: while its thread is about to leave, the kernel still takes them. */
    @Override
    public void close() {
        try {
            socket.close();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                each.accepted(socket.accept());
            } catch (IOException goneOrClosed) {
                // the loop sees which
            }
        }
    }
}
