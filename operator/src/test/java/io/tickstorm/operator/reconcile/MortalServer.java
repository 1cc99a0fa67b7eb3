package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.tickstorm.operator.ApiServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** An API server of a test's own whose process can be killed, begun again and frozen, as on a machine that fails; its etcd lives on. */
final class MortalServer implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);

    private final ApiServer server;
    private final List<String> command;
    private ProcessHandle process;

    MortalServer() {
        var before = children();
        server = ApiServer.begin();
        process = children().stream()
                .filter(child -> !before.contains(child))
                .filter(child -> commandOf(child).contains("--etcd-servers"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process of an API server was started"));
        command = commandOf(process);
    }

    ApiServer server() {
        return server;
    }

    KubernetesClient client() {
        return server.client();
    }

    /** As {@code kill -9}: connections end at once. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Where it was before, with what etcd has. */
    void begin() {
        process = start(command);
        eventually("API server ready", START, () -> ready(client()), ready -> ready);
    }

    /** Lets changes happen that nobody sees who only knows the server's place: at another one, in the meantime; then etcd forgets them. Ends killed. */
    void elsewhere(Consumer<KubernetesClient> changes) {
        kill();
        var port = freePort();
        var moved = new ArrayList<>(command);
        moved.set(moved.indexOf("--secure-port") + 1, Integer.toString(port));
        process = start(moved);
        var config = new ConfigBuilder(client().getConfiguration())
                .withMasterUrl("https://127.0.0.1:" + port)
                .build();
        try (var there = new KubernetesClientBuilder().withConfig(config).build()) {
            eventually("API server ready elsewhere", START, () -> ready(there), ready -> ready);
            changes.accept(there);
            compact(there);
        }
        kill();
    }

    /** What the server says to somebody who wants to go on watching Services from a version of long ago. */
    String watchFrom(String namespace, String version) {
        try {
            return String.valueOf(client().raw("/api/v1/namespaces/" + namespace
                    + "/services?watch=true&timeoutSeconds=5&resourceVersion=" + version));
        } catch (KubernetesClientException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Connections stay, and nothing answers. */
    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
        eventually("API server ready", START, () -> ready(client()), ready -> ready);
    }

    /** Makes etcd forget everything before its present revision, so that nobody can go on from there. */
    private void compact(KubernetesClient there) {
        var revision = there.namespaces().list().getMetadata().getResourceVersion();
        var etcd = command.get(command.indexOf("--etcd-servers") + 1).replace("0.0.0.0", "127.0.0.1");
        var request = HttpRequest.newBuilder(URI.create(etcd + "/v3/kv/compaction"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"revision\": \"" + revision + "\", \"physical\": true}"))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError("compaction at " + revision + ": " + answer.body());
            }
        } catch (IOException e) {
            throw new AssertionError("etcd at " + etcd, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        // one that is frozen does not hear that it is to end
        process.destroyForcibly();
        process.onExit().join();
        server.close();
    }

    private static boolean ready(KubernetesClient there) {
        var once = new RequestConfigBuilder(there.getConfiguration().getRequestConfig())
                .withRequestRetryBackoffLimit(0)
                .build();
        try {
            return "ok"
                    .equals(there.newClient(once).adapt(KubernetesClient.class).raw("/readyz"));
        } catch (KubernetesClientException e) {
            return false;
        }
    }

    private void signal(String name) {
        try {
            var kill = new ProcessBuilder("kill", "-s", name, Long.toString(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new AssertionError("kill -s " + name + " " + process.pid() + " failed");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static ProcessHandle start(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .toHandle();
        } catch (IOException e) {
            throw new AssertionError(command.toString(), e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().collect(Collectors.toCollection(HashSet::new));
    }

    private static List<String> commandOf(ProcessHandle process) {
        try {
            return Arrays.asList(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .split("\0"));
        } catch (IOException e) {
            // it has ended meanwhile
            return List.of();
        }
    }
}
