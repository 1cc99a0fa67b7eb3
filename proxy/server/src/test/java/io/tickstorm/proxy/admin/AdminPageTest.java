package io.tickstorm.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.admin.State.BackendState;
import io.tickstorm.proxy.admin.State.ListenerState;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.discovery.DiscoveryStatus;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.history.History;
import io.tickstorm.proxy.history.Traffic;
import io.tickstorm.proxy.time.ManualTime;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page on the admin API says what the code does. */
class AdminPageTest {
    private static final Path PAGE =
            Path.of("../../docs/reference/admin.md").toAbsolutePath().normalize();

    @Test
    void everyFieldOfTheStateIsDocumentedAndNoOther() throws IOException {
        assertThat(documented())
                .containsExactlyInAnyOrderElementsOf(fields(StateJson.of(everything(), nothingYet(), 0)));
    }

    @Test
    void everyPathHasItsHeading() throws IOException {
        var page = Files.readString(PAGE);

        for (var path : List.of(
                "GET /", "GET /live", "GET /stats;csv", "GET /why", "GET /state", "GET /config", "GET /log-level")) {
            assertThat(page).contains("\n## `" + path + "`");
        }
        assertThat(page)
                .contains("`PUT /log-level`")
                .contains("\n## `POST /backends/BACKEND/upstreams/UPSTREAM/drain` and `.../resume`");
    }

    private static History nothingYet() {
        var time = new ManualTime();
        return new History(() -> new History.Reading(List.of(), Map.of()), time, time, Runnable::run);
    }

    /** A state in which no list is empty. */
    private static State everything() {
        var time = new ManualTime();
        if (!(ProxyConfig.read("""
                listeners: [{name: http, port: 0, backend: web, routes: [{pathPrefix: /a, backend: web}]}]
                backends: [{name: web, discovery: {static: []}}]
                """, "test") instanceof ConfigResult.Valid(var config))) {
            throw new AssertionError();
        }
        var settings = config.backends().getFirst();
        var backend = new Backend(
                "web", settings.settings(), null, time, time, new Random(20_261_121), (endpoint, check, result) -> {});
        backend.update(EndpointSet.of(
                Endpoint.active(new EndpointId("", "10.0.0.1", 80), "web-0").with(Condition.DRAINING)));
        return new State(
                false,
                1,
                List.of(new ListenerState(config.listeners().getFirst(), 80, 0, Traffic.NONE)),
                List.of(new BackendState(backend, settings, new DiscoveryStatus(true, Duration.ZERO, "static list"))),
                new State.ConfigState(config, "0123456789abcdef", List.of(), false));
    }

    private static Set<String> fields(JsonObject json) {
        var fields = new LinkedHashSet<String>();
        collect("", json, fields);
        return fields;
    }

    private static void collect(String path, JsonObject json, Set<String> fields) {
        json.forEach(entry -> {
            switch (entry.getValue()) {
                case JsonObject object -> collect(path + entry.getKey() + ".", object, fields);
                case JsonArray array
                when !array.isEmpty() && array.getValue(0) instanceof JsonObject first ->
                    collect(path + entry.getKey() + "[].", first, fields);
                case null, default -> fields.add(path + entry.getKey());
            }
        });
    }

    /** Those of the table; {@code .b} after {@code x.a} stands for {@code x.b}. */
    private static Set<String> documented() throws IOException {
        var page = Files.readString(PAGE);
        var begin = page.indexOf("\n| field | meaning |");
        var table = page.substring(begin, page.indexOf("\n## ", begin));
        var found = new LinkedHashSet<String>();
        table.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            var cell = line.substring(2, line.indexOf(" |", 2));
            var folder = "";
            var names = Pattern.compile("`([^`]+)`").matcher(cell);
            while (names.find()) {
                var name = names.group(1);
                if (!name.startsWith(".")) {
                    folder = name.substring(0, name.lastIndexOf('.') + 1);
                    found.add(name);
                } else {
                    found.add(folder + name.substring(1));
                }
            }
        });
        return found;
    }
}
