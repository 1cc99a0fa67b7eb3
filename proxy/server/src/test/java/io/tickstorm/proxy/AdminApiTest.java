package io.tickstorm.proxy;

import static io.tickstorm.proxy.AdminClient.AS_JSON;
import static io.tickstorm.proxy.AdminClient.BY_HAND;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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

    private final AdminClient admin = new AdminClient();
    private JsonObject described;
    private Proxy proxy;

    @BeforeEach
    void setUp() throws Exception {
        described = yaml(Files.readString(FILE));
        proxy = admin.start(folder, "", """
                listeners:
                  - {name: http, port: 0, address: 127.0.0.1, backend: web, routes: [{pathPrefix: /a, backend: web}]}
                backends:
                  - {name: web, discovery: {static: ["127.0.0.1:%d"]}}
                """.formatted(nobody()));
    }

    @AfterEach
    void tearDown() throws Exception {
        admin.end();
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
        admin.through("/a", "X-Request-Id", "seen");
        var moves = "/backends/web/upstreams/"
                + admin.state()
                        .getJsonArray("backends")
                        .getJsonObject(0)
                        .getJsonArray("upstreams")
                        .getJsonObject(0)
                        .getString("address");

        holds("State", admin.get("/state"));
        holds("Config", admin.get("/config", AS_JSON));
        holds("Why", admin.get("/why?request=seen", AS_JSON));
        holds("Why", admin.get("/why?backend=web", AS_JSON));
        holds("LogLevels", admin.get("/log-level"));
        holds("LogLevels", admin.send("PUT", "/log-level?logger=test.api&level=warn", BY_HAND));
        holds("Moved", admin.send("POST", moves + "/drain", BY_HAND));
        holds("State", admin.get("/state"));
        holds("Moved", admin.send("POST", moves + "/resume", BY_HAND));
        holds("Error", admin.get("/nothing"));
        holds("Error", admin.send("POST", "/backends/web/upstreams/x/drain"));
    }

    @Test
    void whatItDoesNotSayIsFound() throws Exception {
        assertThat(flaws("Error", "{\"error\": \"a\", \"more\": 1}")).isNotEmpty();
        assertThat(flaws("Share", "{\"name\": \"a\"}")).isNotEmpty();
        assertThat(flaws("Upstream", "{}")).hasSizeGreaterThan(20);
    }

    private void holds(String schema, HttpResponse<String> answer) throws JsonProcessingException {
        assertThat(flaws(schema, answer.body()))
                .as("%s: %s", schema, answer.body())
                .isEmpty();
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
