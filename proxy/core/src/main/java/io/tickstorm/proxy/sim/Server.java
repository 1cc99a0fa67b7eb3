package io.tickstorm.proxy.sim;

import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pod: a few workers, a queue of bounded length before them, and what can go wrong with it. */
final class Server {
    static final int WORKERS = 8;
    /** What waits for a worker; more is answered with 503 at once, as by a server whose backlog is full. */
    static final int QUEUE = 64;

    /** How long a server that fails takes to say so. */
    private static final long QUICK = Duration.ofMillis(1).toNanos();

    private final Endpoint endpoint;
    private final VirtualTime time;
    private final Deque<Work> queue = new ArrayDeque<>();
    private final List<Work> running = new ArrayList<>();
    private boolean listening = true;
    private boolean failing;
    private double slowness = 1;
    private double coldness;
    private long coldSince;
    private long coldFor = 1;

    /** What becomes of a request, told exactly once. */
    interface Reply {
        /** @param status of the answer */
        void answered(int status);

        /** Nobody listens. */
        void refused();

        /** The connection broke before there was an answer. */
        void reset();
    }

    /** @param demand nanoseconds of one worker, were the server as it should be */
    private record Work(long demand, Reply reply) {}

    Server(int number, VirtualTime time) {
        this.endpoint = Endpoint.active(new EndpointId("uid-" + number, "10.0.0." + number, 8080), "pod-" + number);
        this.time = time;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    void serve(long demand, Reply reply) {
        if (!listening) {
            reply.refused();
        } else if (failing || queue.size() >= QUEUE) {
            time.in(QUICK, () -> reply.answered(503));
        } else {
            queue.add(new Work(demand, reply));
            next();
        }
    }

    /** Everything takes so many times as long. */
    void slow(double factor) {
        slowness = factor;
    }

    /** It has just begun: everything takes that much longer, less and less, and as usual after that time. */
    void cold(double factor, Duration time) {
        coldness = factor - 1;
        coldSince = this.time.nanos();
        coldFor = time.toNanos();
    }

    /** It answers everything with 503 at once. */
    void fail() {
        failing = true;
    }

    /** It takes nothing new and finishes what it has. */
    void stop() {
        listening = false;
    }

    /** It is gone with all that it had. */
    void crash() {
        listening = false;
        var lost = new ArrayList<>(running);
        lost.addAll(queue);
        running.clear();
        queue.clear();
        lost.forEach(work -> work.reply().reset());
    }

    void restart() {
        listening = true;
    }

    private void next() {
        var work = running.size() < WORKERS ? queue.poll() : null;
        if (work != null) {
            running.add(work);
            time.in((long) (work.demand() * factor()), () -> done(work));
        }
    }

    private void done(@Nullable Work work) {
        // What a crash took has been told already.
        if (work != null && running.remove(work)) {
            work.reply().answered(200);
            next();
        }
    }

    private double factor() {
        double left = Math.max(0, 1 - (double) (time.nanos() - coldSince) / coldFor);
        return slowness * (1 + coldness * left);
    }
}
