package io.tickstorm.proxy.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Clients that each send one request after the other over a connection of their own, all at the same time. */
final class Crowd {
    /**
     * One request as a client saw it.
     *
     * @param body of its answer
     */
    record Seen(int status, String body, long nanos) {}

    private Crowd() {}

    /** @param request the n-th one of all, to a path */
    static List<Seen> send(Balancer balancer, int clients, int each, IntFunction<String> request)
            throws InterruptedException {
        var number = new AtomicInteger();
        var work = new ArrayList<Callable<List<Seen>>>();
        for (int i = 0; i < clients; i++) {
            work.add(() -> one(balancer, each, number, request));
        }
        var seen = new ArrayList<Seen>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(work)) {
                seen.addAll(done.get());
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a client failed", e.getCause());
        }
        return seen;
    }

    private static List<Seen> one(Balancer balancer, int each, AtomicInteger number, IntFunction<String> request)
            throws IOException {
        var seen = new ArrayList<Seen>();
        var client = balancer.client();
        try {
            for (int i = 0; i < each; i++) {
                long began = System.nanoTime();
                client.send("GET " + request.apply(number.getAndIncrement()) + " HTTP/1.1\r\nHost: a\r\n\r\n");
                var answer = client.message();
                seen.add(new Seen(answer.status(), answer.body(), System.nanoTime() - began));
                if ("close".equals(answer.field("connection"))) {
                    client.close();
                    client = balancer.client();
                }
            }
        } finally {
            client.close();
        }
        return seen;
    }
}
