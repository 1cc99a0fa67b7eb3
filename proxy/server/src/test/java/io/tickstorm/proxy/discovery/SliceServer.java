package io.tickstorm.proxy.discovery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceListBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * As much of an API server as a watch of slices needs, whose timing is a test's: it knows slices, lists them, and tells its
 * watchers of changes if it is let.
 */
final class SliceServer implements AutoCloseable {
    private static final String CONTENT_TYPE = "application/json";

    private final KubernetesSerialization json = new KubernetesSerialization();
    private final HttpServer server;
    private final ConcurrentMap<String, EndpointSlice> slices = new ConcurrentHashMap<>();
    private final List<OutputStream> watchers = new CopyOnWriteArrayList<>();
    private final AtomicLong version = new AtomicLong(1_000);
    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger watches = new AtomicInteger();
    private volatile int status = 200;
    private volatile String token = "";
    private volatile boolean silent;

    SliceServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Lists that were answered, those left out by which a watch begins. */
    int lists() {
        return lists.get();
    }

    /** Watches that were begun. */
    int watches() {
        return watches.get();
    }

    /** Answers everything with a status from now on; 200 = as it should. */
    void answers(int status) {
        this.status = status;
    }

    /** Serves only those with this token from now on; empty = all. */
    void wants(String token) {
        this.token = token;
    }

    /** Whether watchers are told of nothing. */
    void silent(boolean silent) {
        this.silent = silent;
    }

    /** Adds or replaces. */
    void put(EndpointSlice slice) throws IOException {
        var name = slice.getMetadata().getName();
        var stored = new EndpointSliceBuilder(slice)
                .editMetadata()
                .withNamespace("default")
                .withUid("uid-of-" + name)
                .withResourceVersion(Long.toString(version.incrementAndGet()))
                .endMetadata()
                .build();
        tell(slices.put(name, stored) == null ? "ADDED" : "MODIFIED", stored);
    }

    void remove(String name) throws IOException {
        var gone = slices.remove(name);
        gone.getMetadata().setResourceVersion(Long.toString(version.incrementAndGet()));
        tell("DELETED", gone);
    }

    /** Says that the version from which they watch is too old, and ends the watches. */
    void expire() throws IOException {
        var error = json.asJson(Map.of(
                "type",
                "ERROR",
                "object",
                Map.of("kind", "Status", "apiVersion", "v1", "status", "Failure", "reason", "Expired", "code", 410)));
        for (var watcher : watchers) {
            write(watcher, error);
            watcher.close();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void tell(String type, EndpointSlice slice) throws IOException {
        if (!silent) {
            for (var watcher : watchers) {
                write(watcher, json.asJson(Map.of("type", type, "object", slice)));
            }
        }
    }

    private static void write(OutputStream watcher, String line) throws IOException {
        watcher.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        watcher.flush();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        if (exchange.getRequestHeaders().containsKey("Upgrade")) {
            // To the client this means that WebSockets are not served; it then watches by a plain GET.
            end(exchange, 200, "");
        } else if (!token.isEmpty()
                && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            end(exchange, 401, "");
        } else if (status != 200) {
            end(exchange, status, "");
        } else if (query.contains("watch=true")) {
            exchange.getResponseHeaders().add("Content-Type", CONTENT_TYPE);
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            watchers.add(exchange.getResponseBody());
            watches.incrementAndGet();
        } else {
            end(exchange, 200, json.asJson(list()));
            if (!query.contains("limit=")) {
                lists.incrementAndGet();
            }
        }
    }

    private Object list() {
        return new EndpointSliceListBuilder()
                .withMetadata(new ListMetaBuilder()
                        .withResourceVersion(Long.toString(version.get()))
                        .build())
                .withItems(List.copyOf(slices.values()))
                .build();
    }

    private static void end(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", CONTENT_TYPE);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
