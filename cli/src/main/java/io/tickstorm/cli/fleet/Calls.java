package io.tickstorm.cli.fleet;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks proxies, all at once, over lines that stay open until it is closed. A proxy that does not answer in time is silent. Thread-safe. */
public final class Calls implements AutoCloseable {
    /** A proxy with 20 backends of 500 endpoints each tells 5 MB of itself, and 50 MB of metrics. */
    private static final long LONGEST = 64L << 20;

    private static final String CHANGE = "X-Tickstorm-Admin";

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("calls-", 0).factory());
    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    private final HttpClient client;
    private final Place place;
    private final Duration timeout;

    /** @param timeout for each answer, the way to it included */
    public Calls(Place place, Duration timeout) {
        this.place = place;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .executor(threads)
                .build();
    }

    /** The cluster as it is now. */
    public Fleet look(Site site) throws InterruptedException {
        var told = ask(site.proxies(), pod -> get(pod, "/state"));
        var proxies = new ArrayList<Proxy>();
        told.forEach((pod, answer) -> proxies.add(
                switch (answer) {
                    case Answer.Told state when state.done() -> new Proxy(pod, ProxyState.of(state.body()), "");
                    case Answer.Told refusal -> new Proxy(pod, null, refusal.error());
                    case Answer.Silent(var why) -> new Proxy(pod, null, why);
                }));
        return Fleet.of(place.words(), site, proxies);
    }

    /** What one of them answers to a question on its admin port, as JSON. */
    public Answer get(Pod pod, String path) {
        return json(pod, request -> request.header("Accept", "application/json").GET(), path);
    }

    /** Changes something, by the token where there is one. */
    public Answer post(Pod pod, String path, @Nullable String token) {
        return json(
                pod,
                request -> {
                    request.header(CHANGE, "tickstorm");
                    if (token != null) {
                        request.header("Authorization", "Bearer " + token);
                    }
                    return request.POST(BodyPublishers.noBody());
                },
                path);
    }

    /** Text as it is, such as metrics. @throws IOException with a message for the user */
    public String text(Pod pod, Port port, String path) throws IOException, InterruptedException {
        var answer = threads.submit(() -> {
            var line = line(pod, port);
            return client.send(
                            HttpRequest.newBuilder(URI.create(line.base() + path))
                                    .build(),
                            BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST))
                    .body();
        });
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(words(pod, port, e.getCause()), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(late(), e);
        }
    }

    /** The same of all of them at once; who has not answered in time is silent. In the order of the pods. */
    public Map<Pod, Answer> ask(List<Pod> pods, Function<Pod, Answer> question) throws InterruptedException {
        var asked = new LinkedHashMap<Pod, Future<Answer>>();
        pods.forEach(pod -> {
            Callable<Answer> call = () -> question.apply(pod);
            asked.put(pod, threads.submit(call));
        });
        var deadline = System.nanoTime() + timeout.toNanos();
        var answers = new LinkedHashMap<Pod, Answer>();
        for (var entry : asked.entrySet()) {
            answers.put(entry.getKey(), await(entry.getValue(), deadline - System.nanoTime()));
        }
        return answers;
    }

    private Answer await(Future<Answer> answer, long nanos) throws InterruptedException {
        try {
            return answer.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Answer.Silent(late());
        }
    }

    private String late() {
        return "no answer within " + timeout.toMillis() / 1000.0 + " s";
    }

    private Answer json(Pod pod, Function<HttpRequest.Builder, HttpRequest.Builder> how, String path) {
        if (pod.role() == Role.PROXY && pod.ip() == null && pod.ports().isEmpty()) {
            return new Answer.Silent("it has not started: " + pod.phase());
        }
        try {
            var line = line(pod, Port.ADMIN);
            var request = how.apply(HttpRequest.newBuilder(URI.create(line.base() + path)))
                    .build();
            var sent = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST));
            var response =
                    sent.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).get();
            var body = new String(response.body(), StandardCharsets.UTF_8);
            return new Answer.Told(response.statusCode(), new JsonObject(body));
        } catch (DecodeException e) {
            return new Answer.Silent("what answers there is no admin port of a proxy (expected: JSON)");
        } catch (IOException e) {
            return new Answer.Silent(words(pod, Port.ADMIN, e));
        } catch (ExecutionException e) {
            return new Answer.Silent(
                    e.getCause() instanceof TimeoutException ? late() : words(pod, Port.ADMIN, e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Silent("interrupted");
        }
    }

    private Line line(Pod pod, Port port) throws IOException {
        var key = key(pod, port);
        var line = lines.get(key);
        if (line == null) {
            var opened = place.open(pod, port);
            var other = lines.putIfAbsent(key, opened);
            if (other != null) {
                opened.close();
            }
            line = other == null ? opened : other;
        }
        return line;
    }

    /** What the line knows says more than how the connection over it ended; and it is opened anew the next time. */
    private String words(Pod pod, Port port, @Nullable Throwable failure) {
        var line = lines.remove(key(pod, port));
        var trouble = "";
        if (line != null) {
            trouble = line.trouble();
            line.close();
        }
        if (!trouble.isEmpty()) {
            return trouble;
        }
        return switch (failure) {
            case null -> "unknown";
            case java.net.ConnectException refused -> "its " + port.word() + " port refuses connections";
            case Throwable other -> other.getMessage() == null ? other.toString() : other.getMessage();
        };
    }

    private static String key(Pod pod, Port port) {
        return pod.name() + " " + port + " " + pod.ports();
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
        CompletableFuture.allOf(lines.values().stream()
                        .map(line -> CompletableFuture.runAsync(line::close))
                        .toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, 1, TimeUnit.SECONDS)
                .join();
    }
}
