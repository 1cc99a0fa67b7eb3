package io.tickstorm.labs.stage;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that stay: WebSockets, and requests whose answer takes its time. Each has a connection of its own. Thread-safe. */
public final class WebClients implements AutoCloseable {
    /** RFC 6455 section 7.4.1. */
    private static final int GOING_AWAY = 1001;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final List<WebSocket> sockets = new ArrayList<>();
    private final AtomicInteger told = new AtomicInteger();

    /** Opens so many WebSockets. */
    public void sockets(String uri, int count) {
        for (int i = 0; i < count; i++) {
            sockets.add(client.newWebSocketBuilder()
                    .buildAsync(URI.create(uri), new Listener())
                    .join());
        }
    }

    /** Sends so many requests at once; each promises its status once the answer is complete, or 0 if it broke off. */
    public List<CompletableFuture<Integer>> requests(String uri, int count) {
        var answers = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < count; i++) {
            answers.add(client.sendAsync(
                            HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.discarding())
                    .handle((answer, failure) -> failure == null ? answer.statusCode() : 0));
        }
        return answers;
    }

    /** WebSockets whose other side said that it goes away. */
    public int told() {
        return told.get();
    }

    @Override
    public void close() {
        sockets.forEach(WebSocket::abort);
        client.shutdownNow();
    }

    private final class Listener implements WebSocket.Listener {
        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onClose(
                WebSocket socket, int status, String reason) {
            if (status == GOING_AWAY) {
                told.incrementAndGet();
            }
            return null; // answers with the same
        }
    }
}
