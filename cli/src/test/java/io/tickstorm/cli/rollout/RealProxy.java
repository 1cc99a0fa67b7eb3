package io.tickstorm.cli.rollout;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tickstorm.proxy.Proxy;
import io.tickstorm.proxy.config.ConfigHash;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.settings.Yaml;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A proxy as it runs in a pod, in this process. Its configuration is that of the ConfigMap but for addresses: listeners are on free ports of loopback, and what a Service
 * would find is a {@link Shop}. On the port of metrics of its pod's address it tells its own numbers, and in place of the hash of what it runs by, that of the text which
 * this was made from.
 */
final class RealProxy implements AutoCloseable {
    private static final String HASH = "tick_storm_configuration_";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Shop> shops;
    private final Proxy proxy;
    private final HttpServer metrics;
    private volatile String text;
    private volatile boolean deaf;

    /** @param shops what each Service finds */
    RealProxy(Vertx vertx, String ip, String text, Map<String, Shop> shops) throws Exception {
        this.shops = shops;
        this.text = text;
        this.proxy = Proxy.start(vertx, local(text))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        this.metrics = HttpServer.create(new InetSocketAddress(ip, 9090), 0);
        metrics.setExecutor(threads);
        metrics.createContext("/metrics", this::tell);
        metrics.start();
    }

    int port() {
        return proxy.ports().get("http");
    }

    /** Whether it takes over what it is given. */
    void deaf(boolean now) {
        deaf = now;
    }

    /** As the kubelet would: the file has this text now. */
    void given(String changed) {
        if (deaf || changed.equals(text)) {
            return;
        }
        var problems = proxy.change(local(changed)).toCompletableFuture().join();
        if (!problems.isEmpty()) {
            throw new AssertionError(problems);
        }
        text = changed;
    }

    @Override
    public void close() {
        metrics.stop(0);
        proxy.close().toCompletionStage().toCompletableFuture().join();
        client.close();
        threads.shutdownNow();
    }

    private ProxyConfig local(String changed) {
        var tree = mapping(new Load(LoadSettings.builder().build()).loadFromString(changed));
        for (var own : List.of("health", "admin", "metrics")) {
            tree.put(own, Map.of("address", "127.0.0.1", "port", 0));
        }
        tree.put("listeners", each(tree.get("listeners"), listener -> {
            listener.put("address", "127.0.0.1");
            listener.put("port", 0);
        }));
        tree.put("backends", each(tree.get("backends"), backend -> {
            var found = mapping(mapping(backend.get("discovery")).get("kubernetes"));
            var shop = shops.get(String.valueOf(found.get("service")));
            backend.put("discovery", Map.of("static", List.of("127.0.0.1:" + shop.port())));
        }));
        return switch (ProxyConfig.read(Yaml.write(tree), "local")) {
            case ConfigResult.Valid(var config) -> config;
            case ConfigResult.Invalid invalid -> throw new AssertionError(invalid.messages() + "\n" + changed);
        };
    }

    private void tell(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.metricsPort() + "/metrics"))
                    .build();
            // before the numbers, so that these are never older than the configuration
            var hash = ConfigHash.of(text);
            var own = new StringBuilder();
            client.send(request, BodyHandlers.ofLines())
                    .body()
                    .filter(line -> !line.startsWith(HASH))
                    .forEach(line -> own.append(line).append('\n'));
            own.append(HASH).append("info{hash=\"").append(hash).append("\"} 1\n");
            own.append(HASH).append("refused 0\n");
            var body = own.toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Change {
        void on(Map<String, Object> item);
    }

    private static List<Map<String, Object>> each(Object list, Change change) {
        var changed = new ArrayList<Map<String, Object>>();
        if (list instanceof List<?> items) {
            for (var item : items) {
                var copy = mapping(item);
                change.on(copy);
                changed.add(copy);
            }
        }
        return changed;
    }

    private static Map<String, Object> mapping(Object value) {
        var mapping = new LinkedHashMap<String, Object>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> mapping.put(String.valueOf(key), item));
        }
        return mapping;
    }
}
