package io.tickstorm.cli.importing.beside;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tickstorm.cli.load.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that says who it is, on an address of loopback of its own. Over HTTP: in {@code X-Node}, to any request; {@code /events} are three server-sent events, {@code /ws} a
 * socket that echoes after the upgrade, {@code /slow} waits, {@code /ping} is what checks ask. Over plain TCP: in a line, then it echoes.
 */
final class Node implements AutoCloseable {
    private static final int BACKLOG = 1000;
    private static final long PAUSE = 200_000_000L;
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final String address;
    private final List<ServerSocket> sockets = new CopyOnWriteArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger served = new AtomicInteger();
    private volatile boolean well = true;
    private volatile String status = "200 OK";

    Node(String address) {
        this.address = address;
    }

    String name() {
        return address;
    }

    Node http(int port) {
        return listen(port, this::http);
    }

    Node echo(int port) {
        return listen(port, this::echo);
    }

    /** What {@code /ping}, {@code /ready} and {@code /health} say from now on. */
    void well(boolean now) {
        well = now;
    }

    /** What everything else is answered with from now on. */
    void answers(String now) {
        status = now;
    }

    /** Requests since {@link #forget}. */
    int served() {
        return served.get();
    }

    void forget() {
        served.set(0);
    }

    /** Ends as a process that is killed: nobody listens, and connections are closed. */
    @Override
    public void close() {
        try {
            for (var socket : sockets) {
                socket.close();
            }
            for (var connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, and waits until connections to it are refused; for that moment the kernel may take one more. */
    void die() throws Exception {
        var ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
        close();
        for (int port : ports) {
            Eventually.within(Duration.ofSeconds(5), () -> {
                try (var socket = new Socket(address, port)) {
                    return !socket.isConnected();
                } catch (IOException refused) {
                    return true;
                }
            });
        }
    }

    private interface Service {
        void serve(Socket connection) throws IOException;
    }

    private Node listen(int port, Service service) {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port), BACKLOG);
            sockets.add(socket);
            Thread.ofVirtual().start(() -> accept(socket, service));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(address + ":" + port, e);
        }
    }

    private void accept(ServerSocket socket, Service service) {
        while (!socket.isClosed()) {
            try {
                var connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> {
                    try (connection) {
                        service.serve(connection);
                    } catch (IOException gone) {
                        // as clients are
                    } finally {
                        connections.remove(connection);
                    }
                });
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void echo(Socket connection) throws IOException {
        var out = connection.getOutputStream();
        write(out, address + "\n");
        connection.getInputStream().transferTo(out);
    }

    private void http(Socket connection) throws IOException {
        var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
        var out = connection.getOutputStream();
        for (var request = in.readLine(); request != null; request = in.readLine()) {
            var key = "";
            for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                key = line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")
                        ? line.substring(line.indexOf(':') + 1).strip()
                        : key;
            }
            var path = request.split(" ")[1];
            switch (path) {
                case "/ping", "/ready", "/health" ->
                    answer(out, well ? "200 OK" : "503 Service Unavailable", well ? "pong" : "no");
                case "/events" -> events(out);
                case "/ws" -> {
                    write(
                            out,
                            head("101 Switching Protocols") + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n");
                    connection.getInputStream().transferTo(out);
                    return;
                }
                case "/slow" -> {
                    LockSupport.parkNanos(PAUSE);
                    answer(out, status, "slow");
                }
                default -> {
                    served.incrementAndGet();
                    answer(out, status, address);
                }
            }
        }
    }

    private void answer(OutputStream out, String with, String body) throws IOException {
        write(out, head(with) + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private void events(OutputStream out) throws IOException {
        write(out, head("200 OK") + "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 1; i <= 3; i++) {
            write(out, "9\r\ndata: " + i + "\n\n\r\n");
            LockSupport.parkNanos(PAUSE);
        }
        write(out, "0\r\n\r\n");
    }

    private String head(String with) {
        return "HTTP/1.1 " + with + "\r\nX-Node: " + address + "\r\n";
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    private static String accept(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
