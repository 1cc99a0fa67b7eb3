package io.tickstorm.labs.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What EndpointSlices are in a cluster: a list that proxies watch, and that says what it says a little later than it is true. */
public final class EndpointList {
    private final Path file;
    private final Map<String, String> lines = new LinkedHashMap<>();
    private final Map<String, Integer> active = new ConcurrentHashMap<>();

    EndpointList(Path file) {
        this.file = file;
    }

    /** For {@code discovery: {file: {path: ...}}}. */
    public Path path() {
        return file;
    }

    /** It takes work. */
    public void ready(Listening endpoint) throws IOException {
        ready(endpoint.name(), endpoint.port());
    }

    public void ready(String name, int port) throws IOException {
        active.put(name, port);
        put(name, port, "ACTIVE");
    }

    /** It finishes what it has. */
    public void draining(Listening endpoint) throws IOException {
        draining(endpoint.name(), endpoint.port());
    }

    public void draining(String name, int port) throws IOException {
        active.remove(name);
        put(name, port, "DRAINING");
    }

    /** It is there no more. */
    public void gone(Listening endpoint) throws IOException {
        gone(endpoint.name());
    }

    public void gone(String name) throws IOException {
        active.remove(name);
        lines.remove(name);
        write();
    }

    /** Ports of those that take work. Any thread. */
    List<Integer> active() {
        return List.copyOf(active.values());
    }

    private void put(String name, int port, String condition) throws IOException {
        lines.put(
                name,
                "  - {uid: %s, name: %s, address: 127.0.0.1, ports: {http: %d}, condition: %s}"
                        .formatted(name, name, port, condition));
        write();
    }

    private void write() throws IOException {
        var part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(
                part, lines.isEmpty() ? "endpoints: []\n" : "endpoints:\n" + String.join("\n", lines.values()) + "\n");
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
