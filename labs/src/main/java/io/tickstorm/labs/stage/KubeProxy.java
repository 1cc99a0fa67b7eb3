package io.tickstorm.labs.stage;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the rules of kube-proxy do, without any of ours: a new connection goes to an endpoint of the list that is picked at random,
 * whether anybody lives there or not, and stays with it.
 */
public final class KubeProxy implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final ServerSocket listening = new ServerSocket();
    private final EndpointList list;

    public KubeProxy(EndpointList list) throws IOException {
        this.list = list;
        listening.bind(new InetSocketAddress(Stage.LOOPBACK, 0), BACKLOG);
        Thread.startVirtualThread(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private void accept() {
        try {
            while (!listening.isClosed()) {
                var client = listening.accept();
                Thread.startVirtualThread(() -> relay(client));
            }
        } catch (IOException e) {
            // Closed by us.
        }
    }

    private void relay(Socket client) {
        var ports = list.active();
        try (client;
                var server = new Socket()) {
            client.setSoLinger(true, 0);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(
                    Stage.LOOPBACK, ports.get(ThreadLocalRandom.current().nextInt(ports.size()))));
            var back = Thread.startVirtualThread(() -> pour(server, client));
            pour(client, server);
            back.join();
        } catch (IOException | InterruptedException e) {
            // The client sees a reset, as from a node.
        }
    }

    private static void pour(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // As good as the end.
        }
    }
}
