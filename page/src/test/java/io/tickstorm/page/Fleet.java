package io.tickstorm.page;

import io.tickstorm.backend.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A proxy and its backends, each a process, and clients that never stop asking. */
final class Fleet implements AutoCloseable {
    private static final Pattern BACKEND = Pattern.compile("http (?<http>\\d+), tcp (?<tcp>\\d+)");
    private static final Pattern PROXY =
            Pattern.compile("ready: \\{http=(?<http>\\d+)(?:, ticks=(?<ticks>\\d+))?\\}.* admin (?<admin>\\d+)");
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final String LISTENER = """
            listeners:
              - {name: http, port: 0, address: 127.0.0.1, backend: web}
            """;

    private final List<OwnProcess> backends;
    private final OwnProcess proxy;
    private final Path file;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Thread> clients = new ArrayList<>();

    private Fleet(List<OwnProcess> backends, OwnProcess proxy, Path file) {
        this.backends = backends;
        this.proxy = proxy;
        this.file = file;
    }

    /** Starts so many backends, and a proxy for them with one listener. */
    static Fleet start(int count, Path folder) throws IOException {
        return start(count, folder, LISTENER, "");
    }

    /**
     * The same with other listeners; one is called http, and comes first.
     *
     * @param folder for its configuration
     * @param listeners in YAML
     * @param more backends, in YAML; {@code {tcp}} stands for the endpoints that speak Tick-Storm
     */
    static Fleet start(int count, Path folder, String listeners, String more) throws IOException {
        var backends = new ArrayList<OwnProcess>();
        try {
            for (int i = 0; i < count; i++) {
                backends.add(OwnProcess.start(
                        Main.class,
                        BACKEND,
                        "--address",
                        "127.0.0.1",
                        "--http-port",
                        "0",
                        "--tcp-port",
                        "0",
                        "--health-port",
                        "0",
                        "--metrics-port",
                        "0"));
            }
            var file = folder.resolve("proxy.yaml");
            Files.writeString(file, listeners + configuration(backends, more));
            var proxy = OwnProcess.start(io.tickstorm.proxy.Main.class, PROXY, "--config", file.toString());
            return new Fleet(backends, proxy, file);
        } catch (IOException e) {
            backends.forEach(OwnProcess::close);
            throw e;
        }
    }

    /** Nothing warms up, so that what a test waits for does not take half a minute. */
    private static String configuration(List<OwnProcess> backends, String more) {
        return """
                backends:
                  - name: web
                    discovery: {static: [%s]}
                    healthCheck: {type: HTTP, path: /, interval: 1s, timeout: 1s}
                    balancing: {slowStart: {window: 0s}}
                %saccessLog: {requests: None}
                drain: {delay: 0s, timeout: 1s}
                health: {port: 0, address: 127.0.0.1}
                admin: {port: 0}
                metrics: {port: 0, address: 127.0.0.1}
                """.formatted(endpoints(backends, "http"), more.replace("{tcp}", endpoints(backends, "tcp")));
    }

    private static String endpoints(List<OwnProcess> backends, String port) {
        return backends.stream()
                .map(backend -> "{name: web-" + backends.indexOf(backend) + ", address: 127.0.0.1, port: "
                        + backend.said(port) + "}")
                .collect(Collectors.joining(", "));
    }

    /** Lets so many clients ask for a path, each a hundred times a second at the most. */
    void ask(int count, String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.said("http") + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        for (int i = 0; i < count; i++) {
            clients.add(Thread.ofVirtual().start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    try {
                        client.send(request, BodyHandlers.discarding());
                        LockSupport.parkNanos(PAUSE.toNanos());
                    } catch (IOException e) {
                        LockSupport.parkNanos(PAUSE.toNanos());
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            }));
        }
    }

    /** Opens so many TCP sessions, and again what ends of them. */
    void stay(int count) {
        for (int i = 0; i < count; i++) {
            clients.add(Thread.ofVirtual().start(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    try (var socket =
                            new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(proxy.said("ticks")))) {
                        while (socket.getInputStream().read() >= 0) {}
                    } catch (IOException e) {
                        LockSupport.parkNanos(PAUSE.toNanos());
                    }
                }
            }));
        }
    }

    /** Writes another configuration over the one that holds. */
    void configure(UnaryOperator<String> change) throws IOException {
        Files.writeString(file, change.apply(Files.readString(file)));
    }

    int adminPort() {
        return Integer.parseInt(proxy.said("admin"));
    }

    OwnProcess proxy() {
        return proxy;
    }

    OwnProcess backend(int number) {
        return backends.get(number);
    }

    @Override
    public void close() {
        clients.forEach(Thread::interrupt);
        client.shutdownNow();
        proxy.close();
        backends.forEach(OwnProcess::close);
    }
}
