package io.tickstorm.labs.stage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * An HTTP server of a few workers, each busy with one request for a fixed time; what finds none waits. As most servers, it
 * works on when the client has gone. Thread-safe.
 */
public final class Server implements Listening, AutoCloseable {
    private static final int BACKLOG = 4096;

    private final String name;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore workers;
    private final LongAdder arrived = new LongAdder();
    private final AtomicInteger present = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private volatile Duration work;
    private volatile boolean failing;

    Server(String name, int workers, Duration work) throws IOException {
        this.name = name;
        this.workers = new Semaphore(workers, true);
        this.work = work;
        http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(Stage.LOOPBACK), 0), BACKLOG);
        http.setExecutor(threads);
        http.createContext("/", this::serve);
        http.start();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int port() {
        return http.getAddress().getPort();
    }

    /** As a configuration has it. */
    public String address() {
        return Stage.LOOPBACK + ":" + port();
    }

    /** How long a worker takes for each request from now on. */
    public void work(Duration each) {
        work = each;
    }

    /** Whether requests are answered with 500 at once from now on. */
    public void fail(boolean now) {
        failing = now;
    }

    /** Requests that have come. */
    public long arrived() {
        return arrived.sum();
    }

    /** Requests that are worked on or wait. */
    public int present() {
        return present.get();
    }

    /** The most that were {@link #present} at once since this was asked last. */
    public int most() {
        return most.getAndSet(present.get());
    }

    /** Ends at once: connections are closed with whatever runs on them, and new ones are refused. */
    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        arrived.increment();
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("X-Served-By", name);
            most.accumulateAndGet(present.incrementAndGet(), Math::max);
            boolean fails = failing;
            try {
                if (!fails) {
                    work();
                }
            } finally {
                present.decrementAndGet(); // before anybody hears of it, and sends the next one
            }
            exchange.sendResponseHeaders(fails ? 500 : 200, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() throws InterruptedException {
        workers.acquire();
        try {
            TimeUnit.NANOSECONDS.sleep(work.toNanos());
        } finally {
            workers.release();
        }
    }
}
