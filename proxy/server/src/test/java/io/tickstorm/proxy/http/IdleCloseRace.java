package io.tickstorm.proxy.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that send POSTs right around the moment at which the server closes its idle connections: in waves, so that each
 * connection to the server was idle for about that time. Each POST has an id, which the server counts.
 */
final class IdleCloseRace {
    private static final long SEED = 20261121;
    /** Around the moment; a server's own timer is a few milliseconds late. */
    private static final int JITTER_MILLIS = 20;
    /** Before wave 0: opens the connections, and is counted for itself. */
    private static final int FIRST = -1;
    /** A machine that stands still for a while is no failure. */
    private static final int PATIENCE_MILLIS = 60_000;

    private IdleCloseRace() {}

    /**
     * @param from the shortest idle time after which the server closes, in milliseconds
     * @param to the longest; the same = always that
     * @param clients that send at once
     * @param waves how often each of them sends
     */
    record Plan(int from, int to, int clients, int waves) {
        int posts() {
            return clients * waves;
        }

        private int timeout(SplittableRandom random) {
            return from == to ? from : random.nextInt(from, to);
        }
    }

    /**
     * @param failed what was not answered with 200, in words
     * @param undone ids that the server has not seen
     * @param doubled ids that it has seen more than once
     * @param connections to the server
     * @param closedIdle how many of them the server closed because they were idle
     */
    record Result(
            Plan plan, List<String> failed, int undone, int doubled, int connections, int closedIdle, long retries) {
        @Override
        public String toString() {
            return "idle timeout %d..%d ms: %d POSTs, %d failed, %d undone, %d doubled; %d connections, %d closed idle, %d retries"
                    .formatted(
                            plan.from(),
                            plan.to(),
                            plan.posts(),
                            failed.size(),
                            undone,
                            doubled,
                            connections,
                            closedIdle,
                            retries);
        }
    }

    static Result run(Plan plan) throws IOException, InterruptedException {
        Queue<String> failed = new ConcurrentLinkedQueue<>();
        var shared = new SplittableRandom(SEED + plan.to());
        var timeouts = new AtomicInteger();
        try (var server = new IdleServer(() -> plan.timeout(new SplittableRandom(SEED + timeouts.incrementAndGet())));
                var balancer = Balancer.before(server.endpoint())) {
            long start = System.nanoTime();
            var clients = new ArrayList<Thread>();
            for (int client = 0; client < plan.clients(); client++) {
                int number = client;
                var random = shared.split();
                clients.add(Thread.ofVirtual().start(() -> send(plan, number, start, random, balancer, failed)));
            }
            for (var client : clients) {
                client.join();
            }
            int undone = 0;
            for (int client = 0; client < plan.clients(); client++) {
                for (int wave = FIRST; wave < plan.waves(); wave++) {
                    undone += server.done().containsKey(id(client, wave)) ? 0 : 1;
                }
            }
            int doubled = (int)
                    server.done().values().stream().filter(times -> times > 1).count();
            return new Result(
                    plan,
                    List.copyOf(failed),
                    undone,
                    doubled,
                    server.connections(),
                    server.closedIdle(),
                    balancer.counters().retries());
        }
    }

    private static void send(
            Plan plan, int client, long start, SplittableRandom random, Balancer balancer, Queue<String> failed) {
        Wire wire = null;
        long wave = start;
        for (int number = FIRST; number < plan.waves(); number++) {
            // wave times are common to all clients, so that the ages of connections are, too
            pauseUntil(
                    wave + Duration.ofMillis(random.nextInt(2 * JITTER_MILLIS)).toNanos());
            wave += Duration.ofMillis(plan.timeout(random)).toNanos();
            var id = id(client, number);
            try {
                if (wire == null) {
                    wire = balancer.client();
                    wire.socket().setSoTimeout(PATIENCE_MILLIS);
                }
                wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + id.length() + "\r\n\r\n" + id);
                var answer = wire.message();
                if (answer == null || answer.status() != 200) {
                    failed.add(id + ": " + (answer == null ? "closed" : answer.head()));
                    wire.close();
                    wire = null;
                }
            } catch (IOException | UncheckedIOException e) {
                failed.add(id + ": " + e);
                wire = null;
            }
        }
        if (wire != null) {
            wire.close();
        }
    }

    private static String id(int client, int wave) {
        return client + "-" + wave;
    }

    private static void pauseUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
