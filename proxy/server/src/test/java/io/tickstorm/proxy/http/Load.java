package io.tickstorm.proxy.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask one request after the other, GETs and POSTs in turn; each POST carries a number of its own. */
final class Load implements AutoCloseable {
    private static final int CLIENTS = 6;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> clients = new ArrayList<>();
    private final Map<String, AtomicInteger> done = new ConcurrentHashMap<>();
    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();

    /** What is spoken on the clients' connections. */
    enum Protocol {
        HTTP1,
        HTTP2
    }

    /** A client's connection. */
    private interface Asking extends AutoCloseable {
        /** @return the status and the body; of an answer that is not whole, how it ended */
        String ask(String method, String body) throws IOException;

        @Override
        void close();
    }

    void begin(Balancer balancer, Protocol protocol) {
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(threads.submit(() -> ask(balancer, protocol)));
        }
    }

    private Void ask(Balancer balancer, Protocol protocol) throws IOException {
        try (var client = protocol == Protocol.HTTP1 ? new Http1(balancer) : new Http2(balancer)) {
            while (!enough.get()) {
                int id = number.incrementAndGet();
                var method = id % 2 == 0 ? "GET" : "POST";
                var answer = client.ask(method, id % 2 == 0 ? "" : Integer.toString(id));
                answered.incrementAndGet();
                if (!answer.startsWith("200")) {
                    failed.add(method + " " + answer);
                }
            }
        }
        return null;
    }

    private static final class Http1 implements Asking {
        private final Balancer balancer;
        private Wire client;

        Http1(Balancer balancer) {
            this.balancer = balancer;
            client = balancer.client();
        }

        @Override
        public String ask(String method, String body) throws IOException {
            client.send(method + " / HTTP/1.1\r\nHost: a\r\n"
                    + (body.isEmpty() ? "\r\n" : "Content-Length: " + body.length() + "\r\n\r\n" + body));
            var answer = client.message();
            if ("close".equals(answer.field("connection"))) {
                client.close();
                client = balancer.client();
            }
            return answer.status() + " " + answer.body();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private static final class Http2 implements Asking {
        private final Frames client;
        private int stream = -1;

        Http2(Balancer balancer) {
            client = balancer.http2().reading();
        }

        @Override
        public String ask(String method, String body) throws IOException {
            stream += 2;
            client.request(stream, body.isEmpty(), method, "/");
            if (!body.isEmpty()) {
                client.data(stream, true, body);
            }
            var answer = client.answer(stream);
            return answer.whole() ? answer.status() + " " + answer.body() : "reset with " + answer.reset();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /** A server has done what this request asks for. */
    void done(String method, String body) {
        if (method.equals("POST")) {
            done.computeIfAbsent(body, id -> new AtomicInteger()).incrementAndGet();
        }
    }

    /** How often each POST was done, by its number. */
    Map<String, AtomicInteger> done() {
        return done;
    }

    /** What was not answered with 200: the method, then what came. */
    Queue<String> failed() {
        return failed;
    }

    /** Waits until more requests are answered. */
    void awaitMore(int requests) {
        int before = answered.get();
        Balancer.await("traffic goes on", () -> answered.get() > before + requests);
    }

    /** Waits for the last answers; fails if a client has. */
    void end() throws InterruptedException, ExecutionException {
        enough.set(true);
        for (var client : clients) {
            client.get();
        }
    }

    @Override
    public void close() {
        enough.set(true);
        threads.close();
    }
}
