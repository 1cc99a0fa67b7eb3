package io.tickstorm.cli.rollout;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Prometheus with the configuration that is given to people who have no Prometheus operator, but for how often it looks, and for how it comes to know pods: Debian
 * builds it without discovery through Kubernetes, so a file says what that would.
 */
final class Prometheus implements AutoCloseable {
    private static final String NAME = "prometheus";
    private static final Path PLAIN =
            Path.of("../k8s/prometheus").toAbsolutePath().normalize();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path pods;
    private final Process process;
    private final int port;

    private Prometheus(Path pods, Process process, int port) {
        this.pods = pods;
        this.process = process;
        this.port = port;
    }

    /** Ends the test as skipped where it is not installed. */
    static void need() {
        var installed = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, NAME)));
        Assumptions.assumeTrue(installed, "skipped: needs prometheus (Debian: apt-get install prometheus)");
    }

    static Prometheus start(Path folder) throws IOException {
        var pods = Files.writeString(folder.resolve("pods.json"), "[]");
        var configuration = Files.readString(PLAIN.resolve("prometheus.yml"))
                .replace("_interval: 30s", "_interval: 1s")
                .replace("rules.yml", PLAIN.resolve("rules.yml").toString())
                .replace(
                        "kubernetes_sd_configs: [{role: pod}]",
                        "file_sd_configs: [{files: [%s], refresh_interval: 1s}]".formatted(pods));
        var file = Files.writeString(folder.resolve("prometheus.yml"), configuration);
        var port = freePort();
        var process = new ProcessBuilder(
                        NAME,
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        return new Prometheus(pods, process, port);
    }

    /** What discovery through Kubernetes, of role pod, makes of these: a target for each port of a container. */
    void discovers(List<Pod> found) throws IOException {
        var targets = new JsonArray();
        for (var pod : found) {
            for (var container : pod.getSpec().getContainers()) {
                for (var containerPort : container.getPorts()) {
                    targets.add(target(pod, containerPort));
                }
            }
        }
        Files.writeString(pods, targets.encode());
    }

    private static JsonObject target(Pod pod, ContainerPort port) {
        var labels = new JsonObject()
                .put("__meta_kubernetes_namespace", pod.getMetadata().getNamespace())
                .put("__meta_kubernetes_pod_name", pod.getMetadata().getName())
                .put("__meta_kubernetes_pod_phase", pod.getStatus().getPhase())
                .put("__meta_kubernetes_pod_container_port_name", port.getName());
        pod.getMetadata()
                .getLabels()
                .forEach((name, value) ->
                        labels.put("__meta_kubernetes_pod_label_" + name.replaceAll("[^a-zA-Z0-9_]", "_"), value));
        var address = pod.getStatus().getPodIP() + ":" + port.getContainerPort();
        return new JsonObject().put("targets", new JsonArray().add(address)).put("labels", labels);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The answer to a query, one element for each series; empty while it does not answer yet. */
    List<JsonObject> query(String expression) throws InterruptedException {
        return get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .getJsonObject("data", new JsonObject())
                .getJsonArray("result", new JsonArray())
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** The values of a label of what matches. */
    List<String> values(String label, String matcher) throws InterruptedException {
        return get("label/" + label + "/values?match[]=".replace("[]", "%5B%5D")
                        + URLEncoder.encode(matcher, StandardCharsets.UTF_8))
                .getJsonArray("data", new JsonArray())
                .stream()
                .map(String::valueOf)
                .toList();
    }

    /** Every rule, with how it fares. */
    List<JsonObject> rules() throws InterruptedException {
        return get("rules").getJsonObject("data").getJsonArray("groups").stream()
                .map(JsonObject.class::cast)
                .flatMap(group -> group.getJsonArray("rules").stream())
                .map(JsonObject.class::cast)
                .toList();
    }

    private JsonObject get(String path) throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                .build();
        try {
            var answer =
                    new JsonObject(client.send(request, BodyHandlers.ofString()).body());
            if ("error".equals(answer.getString("status"))) {
                throw new AssertionError(path + ": " + answer.getString("error"));
            }
            return answer;
        } catch (IOException notYet) {
            if (!process.isAlive()) {
                throw new AssertionError("prometheus has ended: " + process.exitValue(), notYet);
            }
            return new JsonObject();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
