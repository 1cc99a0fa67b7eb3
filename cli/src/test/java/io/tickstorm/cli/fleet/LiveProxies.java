package io.tickstorm.cli.fleet;

import com.sun.net.httpserver.HttpServer;
import io.tickstorm.proxy.Proxy;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Real proxies on loopback in front of two real servers, of which the second can be stopped; as a local run they keep a {@code state.json}. */
public final class LiveProxies implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<Proxy> proxies = new ArrayList<>();
    private final Set<Integer> stopped = new HashSet<>();
    private final String more;

    public LiveProxies(int count) throws Exception {
        this(count, "");
    }

    /** @param admin further settings of the admin port, such as {@code , tokenFile: FILE} */
    public LiveProxies(int count, String admin) throws Exception {
        more = admin;
        server("web-0", "fine");
        server("web-1", "fine");
        for (int i = 0; i < count; i++) {
            add();
        }
    }

    private void server(String name, String answer) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("x-server", name);
            exchange.sendResponseHeaders(200, answer.length());
            exchange.getResponseBody().write(answer.getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        servers.add(server);
    }

    private void add() throws Exception {
        var text = """
                listeners: [{name: http, protocol: HTTP, address: 127.0.0.1, port: 0, backend: web}]
                health: {address: 127.0.0.1, port: 0}
                admin: {address: 127.0.0.1, port: 0%s}
                metrics: {address: 127.0.0.1, port: 0}
                backends:
                  - name: web
                    discovery: {static: ["127.0.0.1:%d", "127.0.0.1:%d"]}
                    balancing: {policy: RoundRobin, slowStart: {window: 0s}}
                """.formatted(
                        more,
                        servers.get(0).getAddress().getPort(),
                        servers.get(1).getAddress().getPort());
        if (!(ProxyConfig.read(text, "test") instanceof ConfigResult.Valid(var config))) {
            throw new AssertionError(ProxyConfig.read(text, "test"));
        }
        proxies.add(Proxy.start(vertx, config)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS));
    }

    /** {@code HOST:PORT} of each admin port, in order. */
    public List<String> admins() {
        return proxies.stream().map(proxy -> "127.0.0.1:" + proxy.adminPort()).toList();
    }

    /** The address of a server, by which proxies know it. */
    public String server(int index) {
        return "127.0.0.1:" + servers.get(index).getAddress().getPort();
    }

    /** A request through a proxy; its id. */
    public String get(int proxy, String path) throws IOException, InterruptedException {
        var id = "req-" + System.nanoTime();
        var request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + proxies.get(proxy).ports().get("http") + path))
                .header("X-Request-Id", id)
                .build();
        var answer = client.send(request, BodyHandlers.discarding());
        return answer.headers().firstValue("X-Request-Id").orElse(id);
    }

    public void stopServer(int index) {
        servers.get(index).stop(0);
    }

    public void stopProxy(int index) {
        if (stopped.add(index)) {
            proxies.get(index).close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** As {@code tickstorm run --state FOLDER} keeps it. */
    public void writeState(Path folder) throws IOException {
        var processes = new JsonArray();
        for (int i = 0; i < proxies.size(); i++) {
            processes.add(process("demo-proxy-" + i, "proxy")
                    .put(
                            "ports",
                            new JsonObject()
                                    .put("admin", proxies.get(i).adminPort())
                                    .put("metrics", proxies.get(i).metricsPort())));
        }
        processes.add(process("demo-backend-0", "backend").put("ports", new JsonObject()));
        Files.writeString(
                folder.resolve("state.json"),
                new JsonObject()
                        .put("cluster", "demo")
                        .put("pid", ProcessHandle.current().pid())
                        .put("processes", processes)
                        .encode());
    }

    private static JsonObject process(String name, String component) {
        return new JsonObject()
                .put("name", name)
                .put("component", component)
                .put("phase", "ready")
                .put("restarts", 0);
    }

    @Override
    public void close() {
        for (int i = 0; i < proxies.size(); i++) {
            stopProxy(i);
        }
        servers.forEach(server -> server.stop(0));
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
