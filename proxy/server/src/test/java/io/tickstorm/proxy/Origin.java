package io.tickstorm.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP/1.1 server that keeps connections open, answers each request with its target, and becomes an echo where it is
 * asked to upgrade.
 */
final class Origin implements AutoCloseable {
    private final Acceptor server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answered = new AtomicInteger();

    private Origin() {
        server = Acceptor.start(200, this::accepted);
    }

    static Origin start() {
        return new Origin();
    }

    int port() {
        return server.port();
    }

    /** Requests that it has answered. */
    int answered() {
        return answered.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : open) {
            socket.close();
        }
    }

    private void accepted(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            for (var head = head(in); !head.isEmpty(); head = head(in)) {
                if (field(head, "upgrade").equals("websocket")) {
                    send(
                            socket,
                            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n");
                    in.transferTo(socket.getOutputStream());
                    return;
                }
                in.readNBytes(length(head));
                var target = head.getFirst().split(" ")[1];
                answered.incrementAndGet();
                send(socket, "HTTP/1.1 200 OK\r\ncontent-length: " + target.length() + "\r\n\r\n" + target);
            }
        } catch (IOException end) {
            // The proxy has gone; what should have been seen is asserted at the client.
        } finally {
            open.remove(socket);
        }
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The lines of a head; none at the end of the stream. */
    static List<String> head(InputStream in) throws IOException {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                line.append((char) next);
            } else if (line.toString().isBlank()) {
                return lines;
            } else {
                lines.add(line.toString().strip());
                line.setLength(0);
            }
        }
        return List.of();
    }

    /** The value of a field, in lower case; empty if it is not there. */
    static String field(List<String> head, String name) {
        return head.stream()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    static int length(List<String> head) {
        var length = field(head, "content-length");
        return length.isEmpty() ? 0 : Integer.parseInt(length);
    }
}
