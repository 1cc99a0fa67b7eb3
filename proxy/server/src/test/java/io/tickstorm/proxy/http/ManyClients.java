package io.tickstorm.proxy.http;

import io.tickstorm.proxy.admission.Client;
import io.tickstorm.proxy.listener.ClientSettings;
import io.tickstorm.proxy.listener.Rate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Many addresses of 127.0.0.0/8, each a client of a listener that lets each of them open two connections and send one
 * request, and remembers {@value #TRACKED} of them. Time stands still, so that these numbers are exact.
 *
 * <p>Each opens three connections: on the first one it is served, on the second one refused, and the third one is closed.
 */
final class ManyClients {
    /** So many that sets hardly ever overflow: time stands still, so no bucket fills again and makes room. */
    static final int TRACKED = 262_144;

    private static final int THREADS = 4;
    private static final ByteBuffer OPTIONS =
            ByteBuffer.wrap("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    /** How the connections of a run ended. */
    record Result(long served, long refused, long closed, long other) {
        static Result exact(int clients) {
            return new Result(clients, clients, clients, 0);
        }
    }

    private ManyClients() {}

    static Result run(int clients) throws Exception {
        var settings = new ClientSettings(1, new Rate(1, 2), new Rate(1, 1), Rate.UNLIMITED, TRACKED, List.of());
        var served = new LongAdder();
        var refused = new LongAdder();
        var closed = new LongAdder();
        var other = new LongAdder();
        try (var server = RawServer.saying("hello");
                var balancer = Balancer.withStillTime(Balancer.LIMITS, server);
                var threads = Executors.newFixedThreadPool(THREADS)) {
            balancer.listener().clients().change(settings);
            var next = new AtomicInteger();
            int port = balancer.listener().number();
            var limits = balancer.listener().clients();
            Callable<Void> work = () -> {
                for (int number = next.getAndIncrement(); number < clients; number = next.getAndIncrement()) {
                    var from = address(number);
                    for (int connection = 0; connection < 3; connection++) {
                        var answer = ask(from, port);
                        var counter = answer.startsWith("HTTP/1.1 200")
                                ? served
                                : answer.startsWith("HTTP/1.1 429") ? refused : answer.isEmpty() ? closed : other;
                        counter.increment();
                        Balancer.await("it has gone", () -> limits.connections(Client.of(from)) == 0);
                    }
                }
                return null;
            };
            for (var done : threads.invokeAll(List.of(work, work, work, work))) {
                done.get();
            }
        }
        return new Result(served.sum(), refused.sum(), closed.sum(), other.sum());
    }

    private static InetAddress address(int number) {
        // From 127.1.0.0 on, so that 127.0.0.1 is none of them.
        int at = number + 0x1_0000;
        try {
            return InetAddress.getByAddress(new byte[] {127, (byte) (at >> 16), (byte) (at >> 8), (byte) at});
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The beginning of the answer; empty if the connection was closed without one. */
    private static String ask(InetAddress from, int port) throws IOException {
        try (var socket = SocketChannel.open()) {
            // Closes with a reset: a hundred thousand connections shall not wait for late segments afterwards.
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            var answer = ByteBuffer.allocate(1024);
            try {
                socket.write(OPTIONS.duplicate());
                if (socket.read(answer) <= 0) {
                    return "";
                }
            } catch (IOException reset) {
                return "";
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        }
    }
}
