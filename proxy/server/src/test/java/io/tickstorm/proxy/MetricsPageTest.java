package io.tickstorm.proxy;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tickstorm.proxy.transport.EpollLoops;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on metrics says what a proxy with everything switched on exposes: names, types and labels. */
class MetricsPageTest {
    private static final Path PAGE =
            Path.of("../../docs/metrics.md").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(tick_storm_[a-z0-9_]+)` \\| (\\w+) \\|([^|]*)\\|");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\w+)$");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z0-9_]+)(?:\\{(.*)})? \\S+$");

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(1))
            .withTransport(EpollLoops.transport())
            .build();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void tearDown() throws Exception {
        http.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void everyMetricIsDocumentedAsItIs() throws Exception {
        var exposed = exposed(scrape());

        assertThat(exposed).hasSizeGreaterThan(40);
        assertThat(documented()).containsExactlyInAnyOrderEntriesOf(exposed);
    }

    @Test
    void theJvmAndTheProcessAreThereAsThePageSays() throws Exception {
        var scraped = scrape();
        var line = Files.readString(PAGE)
                .lines()
                .filter(text -> text.startsWith("Beside these"))
                .findFirst()
                .orElseThrow();

        Pattern.compile("`([a-z_]+)\\*?`")
                .matcher(line)
                .results()
                .forEach(name -> assertThat(scraped).contains("\n" + name.group(1)));
    }

    private String scrape() throws Exception {
        var pki = new Pki("authority");
        Pki.write(folder, "tls", pki.server("a.example"));
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            var proxy = Proxy.start(
                            vertx,
                            ProxyTest.config("""
                    listeners:
                      - {name: http, port: 0, address: 127.0.0.1, backend: web, clients: {connections: 9, requestRate: 9}}
                      - {name: https, port: 0, address: 127.0.0.1, backend: web, tls: {certificates: [{certificateFile: tls.crt, keyFile: tls.key}]}}
                      - {name: tcp, protocol: TCP, port: 0, address: 127.0.0.1, backend: web}
                    backends: [{name: web, discovery: {static: ["127.0.0.1:%d"]}}]
                    accessLog: {requests: None}
                    health: {port: 0, address: 127.0.0.1}
                    admin: {port: 0}
                    metrics: {port: 0, address: 127.0.0.1}
                    """.formatted(server.getAddress().getPort())),
                            folder)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            proxy.taken("0123456789abcdef");
            proxy.refused(List.of("proxy.yaml:1: port: 0 (expected: 1)"));
            get(proxy.ports().get("http"), "/");
            await("an answer that is counted", () -> {
                try {
                    return get(proxy.metricsPort(), "/metrics").contains("tick_storm_upstream_latency_seconds_count{");
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            return get(proxy.metricsPort(), "/metrics");
        } finally {
            server.stop(0);
        }
    }

    private String get(int port, String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    /** By name: the type, and the labels in the order of the alphabet. */
    private static Map<String, String> exposed(String scraped) {
        var labels = new TreeMap<String, Set<String>>();
        SAMPLE.matcher(scraped).results().forEach(sample -> {
            var names = labels.computeIfAbsent(
                    sample.group(1).replaceFirst("_(bucket|sum|count)$", ""), absent -> new TreeSet<>());
            if (sample.group(2) != null) {
                Pattern.compile("(\\w+)=\"")
                        .matcher(sample.group(2))
                        .results()
                        .forEach(label -> names.add(label.group(1)));
            }
        });
        labels.values().forEach(names -> names.remove("le"));
        var exposed = new TreeMap<String, String>();
        TYPE.matcher(scraped)
                .results()
                .filter(type -> type.group(1).startsWith("tick_storm_"))
                .forEach(type -> exposed.put(type.group(1), type.group(2) + " " + labels.get(type.group(1))));
        return exposed;
    }

    private static Map<String, String> documented() throws IOException {
        var page = Files.readString(PAGE);
        var documented = new TreeMap<String, String>();
        ROW.matcher(page.substring(0, page.indexOf("\n## Operator"))).results().forEach(row -> {
            var labels = new TreeSet<String>();
            Pattern.compile("`([a-z_]+)`")
                    .matcher(row.group(3).replaceAll("\\(.*?\\)+(?=,|\\s*$)", ""))
                    .results()
                    .forEach(label -> labels.add(label.group(1)));
            documented.put(row.group(1), row.group(2) + " " + labels);
        });
        return documented;
    }
}
