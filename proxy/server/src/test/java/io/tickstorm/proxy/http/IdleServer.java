package io.tickstorm.proxy.http;

import io.tickstorm.proxy.Acceptor;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** A server that closes what has been idle for a time, without a word, and counts how often it did what. */
final class IdleServer implements AutoCloseable {
    private static final int BACKLOG = 2_000;
    private static final byte[] OK =
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    private final Acceptor acceptor;
    private final IntSupplier idleMillis;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> done = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger closedIdle = new AtomicInteger();

    /** @param idleMillis asked after each answer: how long the connection may be idle now */
    IdleServer(IntSupplier idleMillis) {
        this.idleMillis = idleMillis;
        acceptor = Acceptor.start(BACKLOG, this::accepted);
    }

    private void accepted(Socket connection) {
        open.add(connection);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(connection));
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            var in = new BufferedInputStream(connection.getInputStream());
            for (var id = read(in); id != null; id = read(in)) {
                done.merge(id, 1, Integer::sum);
                connection.getOutputStream().write(OK);
                connection.setSoTimeout(idleMillis.getAsInt());
            }
        } catch (java.net.SocketTimeoutException idle) {
            closedIdle.incrementAndGet();
        } catch (IOException gone) {
            // the other side may close at any time
        } finally {
            open.remove(connection);
        }
    }

    /** The body of the next request; null at the end. */
    private static String read(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        var length = Wire.Message.field(head.toString(), "content-length");
        int bytes = length == null ? 0 : Integer.parseInt(length);
        return new String(in.readNBytes(bytes), StandardCharsets.US_ASCII);
    }

    Endpoint endpoint() {
        int port = acceptor.port();
        return Endpoint.active(new EndpointId("uid-" + port, "127.0.0.1", port), "idle-" + port);
    }

    /** How often each body came. */
    Map<String, Integer> done() {
        return done;
    }

    /** Connections since the start. */
    int connections() {
        return connections.get();
    }

    /** Connections that were closed because they were idle. */
    int closedIdle() {
        return closedIdle.get();
    }

    @Override
    public void close() {
        acceptor.close();
        try {
            for (var connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
