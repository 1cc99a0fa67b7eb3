package io.tickstorm.cli.importing.beside;

import io.tickstorm.cli.importing.Format;
import io.tickstorm.cli.importing.Imported;
import io.tickstorm.proxy.Proxy;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.settings.Yaml;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Our proxy with what is imported of a text, unchanged but for the ports of the process itself, which are free ones of loopback, and the access log, which is off.
 */
final class Ours implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Proxy proxy;

    Ours(String text, Path folder) throws Exception {
        var format = Format.of(text).orElseThrow();
        var imported = Imported.of(new Imported.Input(text, "original", null, Map.of(), null), format);
        Files.writeString(folder.resolve("stickiness.secret"), "not known to anybody else\n");
        this.proxy = Proxy.start(vertx, config(imported.text().orElseThrow()), folder)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private static ProxyConfig config(String text) {
        var whole = new LinkedHashMap<String, Object>();
        if (new Load(LoadSettings.builder().build()).loadFromString(text) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> whole.put(String.valueOf(key), value));
        }
        for (var own : List.of("health", "admin", "metrics")) {
            whole.put(own, Map.of("address", "127.0.0.1", "port", 0));
        }
        whole.put("accessLog", Map.of("requests", "None"));
        return switch (ProxyConfig.read(Yaml.write(whole), "imported")) {
            case ConfigResult.Valid(var config) -> config;
            case ConfigResult.Invalid invalid -> throw new AssertionError(invalid.messages());
        };
    }

    int port(String listener) {
        return proxy.ports().get(listener);
    }

    @Override
    public void close() {
        proxy.close().toCompletionStage().toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
