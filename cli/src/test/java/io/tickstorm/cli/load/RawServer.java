package io.tickstorm.cli.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** A server on loopback that reads requests and leaves every byte of the answer to the test. */
final class RawServer implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: (\\d+)$");

    private final ServerSocket socket;
    private final Thread acceptor;
    private final Answer answer;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();

    /** What is done about one request; the connection stays open unless this closes it. */
    interface Answer {
        void to(String head, Socket connection) throws IOException, InterruptedException;
    }

    RawServer(Answer answer) {
        this.answer = answer;
        try {
            socket = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptor = Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/some/path?q=1";
    }

    /** The heads of all requests, in the order they came in. */
    List<String> requests() {
        return requests;
    }

    int connections() {
        return connections.size();
    }

    static void write(Socket connection, String answer) throws IOException {
        connection.getOutputStream().write(answer.getBytes(ISO_8859_1));
    }

    static String ok(String headers) {
        return "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: 2\r\n\r\nhi";
    }

    @Override
    public void close() {
        try {
            socket.close();
            // until it has left, the kernel still takes connections
            acceptor.join();
            for (var connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
            while (!connection.isClosed()) {
                var head = new StringBuilder();
                for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    head.append(line).append('\n');
                }
                if (head.isEmpty()) {
                    return;
                }
                var length = LENGTH.matcher(head);
                in.skip(length.find() ? Long.parseLong(length.group(1)) : 0);
                requests.add(head.toString());
                answer.to(head.toString(), connection);
            }
        } catch (IOException | InterruptedException gone) {
            Thread.currentThread().interrupt();
        }
    }
}
