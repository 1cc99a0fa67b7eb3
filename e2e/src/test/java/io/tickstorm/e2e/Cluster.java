package io.tickstorm.e2e;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A real cluster with the product's images in it: the one that {@code E2E_KUBECONFIG} names (its node ports answer on
 * {@code E2E_ADDRESS}, 127.0.0.1 by default, and {@code E2E_IMAGE_LOADER IMAGE} puts an image into its nodes), else a k3s that Testcontainers starts from {@code K3S_IMAGE} or the
 * release pinned here.
 */
final class Cluster implements AutoCloseable {
    private static final String PINNED_K3S = "rancher/k3s:v1.34.4-k3s1";
    private static final List<String> IMAGES = List.of("tickstorm/proxy", "tickstorm/operator", "tickstorm/backend");

    private static final @Nullable String LOADER = System.getenv("E2E_IMAGE_LOADER");

    private final @Nullable K3sContainer container;
    private final Path kubeconfig;
    private final KubernetesClient client;

    private Cluster(@Nullable K3sContainer container, Path kubeconfig) {
        this.container = container;
        this.kubeconfig = kubeconfig;
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(read(kubeconfig)))
                .build();
    }

    /** Ready for pods, with the images of {@code tag} on its nodes. */
    static Cluster start(String tag) {
        var given = System.getenv("E2E_KUBECONFIG");
        if (given != null) {
            return new Cluster(null, Path.of(given)).with(tag);
        }
        var image = System.getenv().getOrDefault("K3S_IMAGE", PINNED_K3S);
        var k3s = new K3sContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("rancher/k3s"));
        k3s.addExposedPorts(NodePorts.HTTP, NodePorts.TCP);
        k3s.start();
        return new Cluster(k3s, write(k3s.getKubeConfigYaml())).with(tag);
    }

    private Cluster with(String tag) {
        if (!load(tag) && (container != null || LOADER != null)) {
            throw new AssertionError("images with tag " + tag + " are missing in the Docker engine (run: make image)");
        }
        return this;
    }

    /** Puts the images of {@code tag} on the nodes. Returns false where nothing is known to do that, or the Docker engine does not have them. */
    boolean load(String tag) {
        return load(IMAGES.stream().map(image -> image + ":" + tag).toList());
    }

    /** As {@link #load(String)}, with these images. */
    boolean load(List<String> images) {
        var docker = new Command(Map.of("IMAGES", String.join(" ", images)));
        if (!docker.succeeds("sh", "-c", "docker image inspect $IMAGES")) {
            return false;
        }
        if (container != null) {
            var node = container.getContainerId();
            docker.run("sh", "-c", "docker save $IMAGES | docker exec -i " + node + " k3s ctr images import -");
            return true;
        }
        if (LOADER == null) {
            return false;
        }
        images.forEach(image -> docker.run(LOADER, image));
        return true;
    }

    KubernetesClient client() {
        return client;
    }

    /** helm and kubectl that talk to this cluster. */
    Command command() {
        return new Command(Map.of("KUBECONFIG", kubeconfig.toString()));
    }

    /** Where {@code nodePort} of the cluster answers, as {@code host:port}. */
    String address(int nodePort) {
        return container == null
                ? System.getenv().getOrDefault("E2E_ADDRESS", "127.0.0.1") + ":" + nodePort
                : container.getHost() + ":" + container.getMappedPort(nodePort);
    }

    @Override
    public void close() {
        client.close();
        if (container != null) {
            container.close();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path write(String kubeconfig) {
        try {
            var file = Files.createTempFile("e2e-", ".kubeconfig");
            file.toFile().deleteOnExit();
            return Files.writeString(file, kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
