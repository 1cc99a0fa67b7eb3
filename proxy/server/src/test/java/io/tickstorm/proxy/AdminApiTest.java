package io.tickstorm.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.tickstorm.proxy.transport.EpollLoops;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code docs/reference/admin.yaml} says what a running proxy answers. */
class AdminApiTest {
    private static final Path FILE =
            Path.of("../../docs/reference/admin.yaml").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(1))
            .withTransport(EpollLoops.transport())
            .build();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private JsonObject described;
    private Proxy proxy;

    @BeforeEach
    void setUp() throws Exception {
        described = yaml(Files.readString(FILE));
        proxy = Proxy.start(vertx, ProxyTest.config("""
                listeners:
                  - {name: http, port: 0, address: 127.0.0.1, backend: web, routes: [{pathPrefix: /a, backend: web}]}
                backends:
                  - {name: web, discovery: {static: ["127.0.0.1:%d"]}}
                accessLog: {requests: None}
                health: {port: 0, address: 127.0.0.1}
                admin: {port: 0}
                metrics: {port: 0, address: 127.0.0.1}
                """.formatted(nobody())), folder)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void tearDown() throws Exception {
        http.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void everyOperationHasAnIdOfItsOwnTheParametersOfItsPathAndAnswers() {
        assertThat(described.getString("openapi")).startsWith("3.1.");
        assertThat(operations().values().stream().map(operation -> operation.getString("operationId")))
                .doesNotContainNull()
                .doesNotHaveDuplicates();
        operations().forEach((name, operation) -> {
            var inPath = Pattern.compile("\\{(\\w+)}")
                    .matcher(name)
                    .results()
                    .map(found -> found.group(1))
                    .toList();

            assertThat(operation.getJsonObject("responses").fieldNames())
                    .as(name)
                    .contains("200", "default");
            assertThat(operation.getJsonArray("parameters", new JsonArray()).stream()
                            .map(JsonObject.class::cast)
                            .filter(parameter -> parameter.getString("in").equals("path"))
                            .map(parameter -> parameter.getString("name")))
                    .as(name)
                    .containsExactlyElementsOf(inPath);
        });
    }

    @Test
    void everyRouteOfTheRouterIsInIt() {
        var routes = proxy.adminRoutes().stream()
                .map(route -> route.replaceAll(":(\\w+)", "{$1}"))
                .toList();
        assertThat(routes).hasSizeGreaterThan(7);
        assertThat(operations().keySet())
                .as("%s, and what the admin port answers", FILE)
                .containsExactlyInAnyOrderElementsOf(routes);
    }

    @Test
    void answersAreAsItSays() throws Exception {
        ask("http://127.0.0.1:" + proxy.ports().get("http") + "/a", "GET", "X-Request-Id", "seen");
        var json = new String[] {"Accept", "application/json"};
        var byHand = new String[] {"X-Tickstorm-Admin", "test"};

        holds("State", get("/state"));
        holds("Config", get("/config", json));
        holds("Why", get("/why?request=seen", json));
        holds("Why", get("/why?backend=web", json));
        holds("LogLevels", get("/log-level"));
        holds("LogLevels", ask(admin("/log-level?logger=test.api&level=warn"), "PUT", byHand));
        holds("Moved", ask(admin("/backends/web/upstreams/" + upstream() + "/drain"), "POST", byHand));
        holds("State", get("/state"));
        holds("Moved", ask(admin("/backends/web/upstreams/" + upstream() + "/resume"), "POST", byHand));
        holds("Error", get("/nothing"));
        holds("Error", ask(admin("/backends/web/upstreams/x/drain"), "POST"));
    }

    @Test
    void whatItDoesNotSayIsFound() throws Exception {
        assertThat(flaws("Error", "{\"error\": \"a\", \"more\": 1}")).isNotEmpty();
        assertThat(flaws("Share", "{\"name\": \"a\"}")).isNotEmpty();
        assertThat(flaws("Upstream", "{}")).hasSizeGreaterThan(20);
    }

    private void holds(String schema, String answer) throws JsonProcessingException {
        assertThat(flaws(schema, answer)).as("%s: %s", schema, answer).isEmpty();
    }

    private Set<ValidationMessage> flaws(String schema, String answer) throws JsonProcessingException {
        var whole = new JsonObject()
                .put("components", described.getJsonObject("components"))
                .put("$ref", "#/components/schemas/" + schema);
        var json = new ObjectMapper();
        return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(json.readTree(whole.encode()))
                .validate(json.readTree(answer));
    }

    /** By method and path, such as {@code GET /state}. */
    private Map<String, JsonObject> operations() {
        var operations = new LinkedHashMap<String, JsonObject>();
        described
                .getJsonObject("paths")
                .forEach(path -> ((JsonObject) path.getValue())
                        .forEach(operation -> operations.put(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                (JsonObject) operation.getValue())));
        return operations;
    }

    private String upstream() throws IOException, InterruptedException {
        return new JsonObject(get("/state"))
                .getJsonArray("backends")
                .getJsonObject(0)
                .getJsonArray("upstreams")
                .getJsonObject(0)
                .getString("address");
    }

    private String get(String path, String... fields) throws IOException, InterruptedException {
        return ask(admin(path), "GET", fields);
    }

    private String admin(String path) {
        return "http://127.0.0.1:" + proxy.adminPort() + path;
    }

    private String ask(String uri, String method, String... fields) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(uri)).method(method, BodyPublishers.noBody());
        if (fields.length > 0) {
            request.headers(fields);
        }
        return http.send(request.build(), BodyHandlers.ofString()).body();
    }

    @SuppressWarnings("unchecked") // a document of the kind that OpenAPI is has texts for keys
    private static JsonObject yaml(String text) {
        return new JsonObject(
                (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    /** A port that nobody listens on. */
    private static int nobody() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
