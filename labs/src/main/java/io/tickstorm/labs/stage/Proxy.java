package io.tickstorm.labs.stage;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process of the real proxy. */
public final class Proxy extends Child {
    private final int adminPort;
    private final int metricsPort;

    Proxy(String name, Path folder, String configuration, int[] ports) throws IOException {
        super(
                name,
                folder,
                ports[0],
                "proxy",
                List.of("--config", written(folder, name, configuration, ports)),
                Map.of());
        this.adminPort = ports[1];
        this.metricsPort = ports[2];
    }

    /** What the admin API says of all that runs. */
    public JsonObject state() {
        return new JsonObject(get(adminPort, "/state"));
    }

    /** A metric, summed over its labels. */
    public double metric(String metric) {
        return get(metricsPort, "/metrics")
                .lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static String written(Path folder, String name, String configuration, int[] ports) throws IOException {
        var file = folder.resolve(name + ".yaml");
        Files.writeString(file, configuration + """
                        health: {address: 127.0.0.1, port: %d}
                        admin: {port: %d}
                        metrics: {address: 127.0.0.1, port: %d}
                        """.formatted(ports[0], ports[1], ports[2]));
        return file.toString();
    }
}
