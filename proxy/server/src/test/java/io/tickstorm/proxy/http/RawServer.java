package io.tickstorm.proxy.http;

import io.tickstorm.proxy.Acceptor;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A server of bytes on a free port of loopback; each connection has a thread of its own. */
final class RawServer implements AutoCloseable {
    /** What happens on a connection. */
    interface Behaviour {
        void serve(Connection connection) throws IOException;
    }

    /** A connection and how many came before it. */
    record Connection(Wire wire, int number) {}

    private final Acceptor acceptor;
    private final Behaviour behaviour;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Wire> open = ConcurrentHashMap.newKeySet();
    private final List<Wire.Message> requests = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    private RawServer(Function<RawServer, Behaviour> behaviour) {
        this.behaviour = behaviour.apply(this);
        acceptor = Acceptor.start(200, this::accepted);
    }

    static RawServer with(Behaviour behaviour) {
        return new RawServer(server -> behaviour);
    }

    /** Answers every request on every connection with what the function says, as bytes. */
    static RawServer answering(Function<Wire.Message, String> answer) {
        return new RawServer(server -> connection -> {
            for (var request = connection.wire().message();
                    request != null;
                    request = connection.wire().message()) {
                server.requests.add(request);
                connection.wire().send(answer.apply(request));
            }
        });
    }

    /** Answers every request with 200 and this body. */
    static RawServer saying(String body) {
        return answering(request -> ok(body));
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }

    /** The port of a server that is gone: connections to it are refused. */
    static Endpoint refusing() {
        try (var gone = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return endpoint(gone.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accepted(Socket socket) throws IOException {
        var wire = new Wire(socket);
        open.add(wire);
        var connection = new Connection(wire, connections.getAndIncrement());
        Thread.ofVirtual().start(() -> serve(connection));
    }

    private void serve(Connection connection) {
        try {
            behaviour.serve(connection);
        } catch (IOException | UncheckedIOException e) {
            // the other side may close at any time: that is what many tests are about
        } catch (RuntimeException | Error e) {
            failures.add(e);
        } finally {
            open.remove(connection.wire());
            connection.wire().close();
        }
    }

    /** Requests that {@link #answering} has read, in the order they came. */
    List<Wire.Message> requests() {
        return requests;
    }

    Wire.Message lastRequest() {
        return requests.getLast();
    }

    /** Connections accepted. */
    int connections() {
        return connections.get();
    }

    /** Connections that are open. */
    int open() {
        return open.size();
    }

    int port() {
        return acceptor.port();
    }

    Endpoint endpoint() {
        return endpoint(port());
    }

    private static Endpoint endpoint(int port) {
        return Endpoint.active(new EndpointId("uid-" + port, "127.0.0.1", port), "backend-" + port);
    }

    @Override
    public void close() {
        acceptor.close();
        open.forEach(Wire::close);
        if (!failures.isEmpty()) {
            throw new AssertionError("the server of the test failed", failures.getFirst());
        }
    }
}
