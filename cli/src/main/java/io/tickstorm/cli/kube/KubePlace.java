package io.tickstorm.cli.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.tickstorm.cli.fleet.Line;
import io.tickstorm.cli.fleet.Place;
import io.tickstorm.cli.fleet.Pod;
import io.tickstorm.cli.fleet.Port;
import io.tickstorm.cli.fleet.Site;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A namespace. Objects are read as JSON and not into the client's classes, of which a person would wait for hundreds to be loaded.
 */
public final class KubePlace implements Place {
    private static final String GROUP = "/apis/tickstorm.io/v1alpha1/namespaces/";
    private static final String CLUSTERS = "/tickstormclusters";
    private static final String TOKEN_KEY = "token";

    private final KubernetesClient client;
    private final String namespace;
    private final String context;

    /** @param client is closed with this */
    public KubePlace(KubernetesClient client, String namespace, String context) {
        this.client = client;
        this.namespace = namespace;
        this.context = context;
    }

    /**
     * By the kubeconfig, or the account of the pod that this runs in.
     *
     * @throws IOException with a message for the user if there is neither, or it names no such context
     */
    public static KubePlace of(KubeWish wish, Duration timeout) throws IOException {
        var config = config(wish);
        var millis = Math.toIntExact(timeout.toMillis());
        config.setRequestTimeout(millis);
        config.setConnectionTimeout(millis);
        // A person would rather know at once than wait for ten attempts.
        config.setRequestRetryBackoffLimit(0);
        var namespace = wish.namespace() == null ? config.getNamespace() : wish.namespace();
        var current = config.getCurrentContext();
        return new KubePlace(
                new KubernetesClientBuilder().withConfig(config).build(),
                namespace == null ? "default" : namespace,
                current == null ? config.getMasterUrl() : "context " + current.getName());
    }

    private static Config config(KubeWish wish) throws IOException {
        var file = wish.kubeconfig();
        if (file != null && !Files.isReadable(file)) {
            throw new IOException("--kubeconfig: " + file + " (expected: a file that can be read)");
        }
        if (file == null
                && System.getenv("KUBERNETES_SERVICE_HOST") == null
                && kubeconfigs().isEmpty()) {
            throw new IOException(
                    "kubeconfig: none (expected: KUBECONFIG, ~/.kube/config or --kubeconfig; or a cluster that"
                            + " `tickstorm run` keeps on this machine; or --admin)");
        }
        try {
            var config = file == null
                    ? Config.autoConfigure(wish.context())
                    : Config.fromKubeconfig(wish.context(), file.toFile());
            if (wish.context() != null
                    && (config.getCurrentContext() == null
                            || !config.getCurrentContext().getName().equals(wish.context()))) {
                throw new IOException("--context: " + wish.context() + " (expected: a context of the kubeconfig)");
            }
            return config;
        } catch (KubernetesClientException | IllegalArgumentException e) {
            throw new IOException("kubeconfig: " + Refusals.words(e), e);
        }
    }

    private static List<String> kubeconfigs() {
        return Config.getKubeconfigFilenames().stream()
                .filter(name -> Files.isReadable(Path.of(name)))
                .toList();
    }

    /** For what looks further than a {@link Place} does. */
    public KubernetesClient client() {
        return client;
    }

    public String namespace() {
        return namespace;
    }

    @Override
    public String words() {
        return context + ", namespace " + namespace;
    }

    @Override
    public List<Site> sites(@Nullable String cluster) throws IOException {
        var resources = cluster == null ? list(GROUP + namespace + CLUSTERS) : List.of(resource(cluster));
        var selector = "tickstorm.io/cluster" + (cluster == null ? "" : "%3D" + cluster);
        var pods = list("/api/v1/namespaces/" + namespace + "/pods?labelSelector=" + selector);
        var now = Instant.now();
        var sites = new ArrayList<Site>();
        for (var resource : resources) {
            var name = resource.getJsonObject("metadata").getString("name");
            sites.add(new Site(
                    name,
                    resource,
                    pods.stream()
                            .filter(pod -> name.equals(PodReader.cluster(pod)))
                            .map(pod -> PodReader.read(pod, now))
                            .toList()));
        }
        return sites;
    }

    private JsonObject resource(String cluster) throws IOException {
        var found = get(GROUP + namespace + CLUSTERS + "/" + cluster);
        if (found == null) {
            var there = list(GROUP + namespace + CLUSTERS).stream()
                    .map(one -> one.getJsonObject("metadata").getString("name"))
                    .toList();
            throw new IOException("cluster: " + cluster + " (expected: "
                    + (there.isEmpty()
                            ? "there is no TickStormCluster in namespace " + namespace
                            : "one of " + String.join(", ", there) + " in namespace " + namespace)
                    + ")");
        }
        return found;
    }

    /** The items of a list. @throws IOException with a message for the user */
    public List<JsonObject> list(String path) throws IOException {
        var found = get(path);
        if (found == null) {
            throw new IOException(
                    path.contains(CLUSTERS)
                            ? "the API server knows no TickStormCluster (expected: the operator and its definition, docs/install.md)"
                            : path + ": the API server has no such path");
        }
        return found.getJsonArray("items", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** An object, or null if there is none. @throws IOException with a message for the user */
    public @Nullable JsonObject get(String path) throws IOException {
        var text = raw(path);
        return text.isEmpty() ? null : new JsonObject(text);
    }

    /** A text, empty if there is none. @throws IOException with a message for the user */
    String raw(String path) throws IOException {
        try {
            var text = client.raw(path);
            return text == null ? "" : text;
        } catch (KubernetesClientException e) {
            throw new IOException(Refusals.words(e), e);
        }
    }

    @Override
    public Line open(Pod pod, Port port) throws IOException {
        try {
            var forward = client.pods()
                    .inNamespace(namespace)
                    .withName(pod.name())
                    .portForward(port.number(), InetAddress.getLoopbackAddress(), 0);
            return new Forward(forward);
        } catch (KubernetesClientException e) {
            throw new IOException(Refusals.words(e), e);
        }
    }

    @Override
    public InputStream log(Pod pod, LogWish wish) throws IOException {
        try {
            var container = client.pods()
                    .inNamespace(namespace)
                    .withName(pod.name())
                    .inContainer(pod.role().word());
            var since = wish.since();
            var tail = wish.tail();
            if (wish.follow()) {
                var part = since == null ? container : container.sinceSeconds(seconds(since));
                return (tail == null ? part : part.tailingLines(tail))
                        .watchLog()
                        .getOutput();
            }
            var which = wish.previous() ? container.terminated() : container;
            var part = since == null ? which : which.sinceSeconds(seconds(since));
            return (tail == null ? part : part.tailingLines(tail)).getLogInputStream();
        } catch (KubernetesClientException e) {
            throw new IOException(Refusals.words(e), e);
        }
    }

    private static int seconds(Duration since) {
        return Math.toIntExact(Math.max(1, since.toSeconds()));
    }

    @Override
    public @Nullable String token(Site site) throws IOException {
        var resource = site.resource();
        var wanted = resource == null
                ? null
                : resource.getJsonObject("spec", new JsonObject())
                        .getJsonObject("loadBalancer", new JsonObject())
                        .getJsonObject("admin", new JsonObject())
                        .getJsonObject("tokenSecret");
        if (wanted == null) {
            return null;
        }
        var name = wanted.getString("name", "");
        var key = wanted.getString("key", TOKEN_KEY);
        try {
            var secret = get("/api/v1/namespaces/" + namespace + "/secrets/" + name);
            var value = secret == null
                    ? null
                    : secret.getJsonObject("data", new JsonObject()).getString(key);
            if (value == null) {
                throw new IOException("Secret " + name + " has no key " + key);
            }
            return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("")
                    .strip();
        } catch (IOException e) {
            throw new IOException(
                    "the token of the admin ports: " + e.getMessage()
                            + " (expected: TICKSTORM_ADMIN_TOKEN, --token-file, or the right to get Secret " + name
                            + ")",
                    e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** A port of this machine behind which the API server carries bytes to the pod. */
    private record Forward(LocalPortForward forward) implements Line {
        @Override
        public URI base() {
            return URI.create("http://127.0.0.1:" + forward.getLocalPort());
        }

        @Override
        public String trouble() {
            return Stream.concat(forward.getClientThrowables().stream(), forward.getServerThrowables().stream())
                    .findFirst()
                    .map(Refusals::words)
                    .orElse("");
        }

        @Override
        public void close() {
            try {
                forward.close();
            } catch (IOException e) {
                // It goes with the process at the latest.
            }
        }
    }
}
