package io.tickstorm.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One client that goes on until it is told to stop, on one connection as long as the proxy lets it. Anything but the right
 * answer ends it with a failure.
 */
final class Visitor {
    private static final int DEADLINE_MILLIS = 10_000;
    private static final String BODY = "x".repeat(100);

    /** What a client does once on its connection; false if it must open another one. */
    private interface Turn {
        boolean on(Socket socket, BufferedInputStream in, int number) throws IOException;
    }

    private final CompletableFuture<Integer> done = new CompletableFuture<>();
    private volatile int turns;
    private volatile boolean stop;
    private int connections;

    private Visitor() {}

    /** Sends GET and POST in turns; the proxy may announce the close of the connection with an answer. */
    static Visitor asking(int port) {
        return start(port, false, (socket, in, number) -> {
            var target = "/" + number;
            Origin.send(
                    socket,
                    number % 2 == 0
                            ? "GET " + target + " HTTP/1.1\r\nhost: a\r\n\r\n"
                            : "POST " + target + " HTTP/1.1\r\nhost: a\r\ncontent-length: " + BODY.length() + "\r\n\r\n"
                                    + BODY);
            var head = Origin.head(in);
            if (head.isEmpty() || !head.getFirst().startsWith("HTTP/1.1 200 ")) {
                throw new IOException(target + ": " + head);
            }
            var body = new String(in.readNBytes(Origin.length(head)), StandardCharsets.US_ASCII);
            if (!body.equals(target)) {
                throw new IOException(target + ": " + body);
            }
            return !Origin.field(head, "connection").equals("close");
        });
    }

    /** Upgrades once, and then sends lines through the one connection. */
    static Visitor webSocket(int port) {
        return start(port, true, (socket, in, number) -> {
            if (number == 0) {
                Origin.send(socket, "GET /ws HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
                var head = Origin.head(in);
                if (head.isEmpty() || !head.getFirst().startsWith("HTTP/1.1 101 ")) {
                    throw new IOException("no upgrade: " + head);
                }
            }
            return echoed(socket, in, "line " + number + "\n");
        });
    }

    /** Sends lines through one TCP connection, whose server says {@code greeting} first. */
    static Visitor stream(int port, String greeting) {
        return start(
                port,
                true,
                (socket, in, number) -> (number > 0
                                || new String(in.readNBytes(greeting.length()), StandardCharsets.US_ASCII)
                                        .equals(greeting))
                        && echoed(socket, in, "line " + number + "\n"));
    }

    private static boolean echoed(Socket socket, BufferedInputStream in, String line) throws IOException {
        Origin.send(socket, line);
        var back = new String(in.readNBytes(line.length()), StandardCharsets.US_ASCII);
        if (!back.equals(line)) {
            throw new IOException(line.strip() + " came back as: " + back);
        }
        return true;
    }

    private static Visitor start(int port, boolean onlyOne, Turn turn) {
        var visitor = new Visitor();
        Thread.ofVirtual().start(() -> visitor.run(port, onlyOne, turn));
        return visitor;
    }

    private void run(int port, boolean onlyOne, Turn turn) {
        try {
            while (!stop) {
                connections++;
                try (var socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
                    socket.setTcpNoDelay(true);
                    socket.setSoTimeout(DEADLINE_MILLIS);
                    var in = new BufferedInputStream(socket.getInputStream());
                    boolean goesOn = true;
                    while (goesOn && !stop) {
                        goesOn = turn.on(socket, in, turns);
                        turns++;
                    }
                    if (onlyOne && !goesOn) {
                        throw new IOException("closed after " + turns + " turns");
                    }
                }
            }
            done.complete(connections);
        } catch (IOException e) {
            done.completeExceptionally(new AssertionError("after " + turns + " turns: " + e.getMessage(), e));
        }
    }

    /** What it has done so far. */
    int turns() {
        return turns;
    }

    /** Whether it has met a failure. */
    boolean failed() {
        return done.isCompletedExceptionally();
    }

    /** Ends it, and fails if anything had failed; how many connections it has used. */
    int stop() throws Exception {
        stop = true;
        return done.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
    }
}
