package io.tickstorm.labs.stage;

import io.tickstorm.operator.telemetry.ProxyAddress;
import io.tickstorm.proxy.config.ConfigHash;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** A process of the real proxy. */
public final class Proxy extends Child {
    private final Path file;
    private final int[] ports;

    Proxy(String name, Path folder, String configuration, int[] ports) throws IOException {
        super(
                name,
                folder,
                ports[0],
                "proxy",
                List.of("--config", written(file(folder, name), configuration, ports)),
                Map.of());
        this.file = file(folder, name);
        this.ports = ports;
    }

    /** Gives it another configuration, which it takes over while it serves. */
    public void configure(String configuration) throws IOException {
        written(file, configuration, ports);
    }

    /** By what name it says, in its metrics, that it has the configuration that it was given last. */
    public String hash() throws IOException {
        return ConfigHash.of(Files.readString(file));
    }

    /** Where the operator asks it for its numbers. */
    public ProxyAddress address() {
        return new ProxyAddress(name(), Stage.LOOPBACK, ports[2]);
    }

    /** What the admin API says of all that runs. */
    public JsonObject state() {
        return new JsonObject(get(ports[1], "/state"));
    }

    /** A metric, summed over its labels. */
    public double metric(String metric) {
        return get(ports[2], "/metrics")
                .lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static Path file(Path folder, String name) {
        return folder.resolve(name + ".yaml");
    }

    private static String written(Path file, String configuration, int[] ports) throws IOException {
        var part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, configuration + """
                        health: {address: 127.0.0.1, port: %d}
                        admin: {port: %d}
                        metrics: {address: 127.0.0.1, port: %d}
                        """.formatted(ports[0], ports[1], ports[2]));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return file.toString();
    }
}
