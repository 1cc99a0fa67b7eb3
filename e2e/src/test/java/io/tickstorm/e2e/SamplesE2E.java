package io.tickstorm.e2e;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sample, as it is, on a real cluster. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SamplesE2E {
    private static final String NAMESPACE = "samples";
    private static final String PRIORITY = "high";
    private static final Path FOLDER = Chart.ROOT.resolve("k8s/samples");

    /** The images that samples name instead of their reader's own; what stands in for them is made of this release's images. */
    private static final Pattern IMAGE = Pattern.compile("\\bimage: *(registry\\.example\\.com/\\S+)");

    private final Cluster cluster;
    private final Command tools;

    SamplesE2E(Cluster cluster) {
        this.cluster = cluster;
        this.tools = cluster.command();
    }

    static List<Path> samples() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @BeforeAll
    void imagesAndBelongingsOfTheReader() throws Exception {
        var images = new TreeSet<String>();
        for (var sample : samples()) {
            IMAGE.matcher(Files.readString(sample)).results().forEach(found -> images.add(found.group(1)));
        }
        images.forEach(StandIn::make);
        Skip.unless(cluster.load(List.copyOf(images)), "needs a way to put images on the nodes (E2E_IMAGE_LOADER)");

        new Chart(cluster).install();
        kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=180s");
        kubectl("create", "namespace", NAMESPACE);
        belongings()
                .forEach(thing ->
                        cluster.client().resource(thing).inNamespace(NAMESPACE).create());
        kubectl("delete", "priorityclass", PRIORITY, "--ignore-not-found");
        kubectl("create", "priorityclass", PRIORITY, "--value=1000");
    }

    @AfterAll
    void clean() {
        kubectl("delete", "priorityclass", PRIORITY, "--ignore-not-found");
        kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=180s");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void becomesReady(Path sample) {
        kubectl("apply", "-f", sample.toString());
        try {
            kubectl("wait", "--for=condition=Ready", "-f", sample.toString(), "--timeout=300s");
        } catch (AssertionError late) {
            throw new AssertionError(sample + "\n" + kubectl("describe", "-f", sample.toString()), late);
        } finally {
            // the next one may want the same node ports
            kubectl("delete", "-f", sample.toString(), "--timeout=120s");
            kubectl("wait", "--for=delete", "services", "-l", "tickstorm.io/cluster", "--timeout=120s");
        }
    }

    /** What the samples tell their reader to have. */
    private static Stream<HasMetadata> belongings() throws IOException, GeneralSecurityException {
        var certificate = Certificate.of("shop.example.com");
        var pair = Map.of("tls.key", certificate.key(), "tls.crt", certificate.chain());
        var authority = Map.of("ca.crt", certificate.chain());
        return Stream.of(
                new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("shop")
                        .endMetadata()
                        .build(),
                secret("shop", "Opaque", Map.of("password", "secret")),
                secret("shop-cookies", "Opaque", Map.of("secret", "0123456789abcdef0123456789abcdef")),
                secret("shop-tls", "kubernetes.io/tls", pair),
                secret("people-ca", "Opaque", authority),
                secret("legacy-ca", "Opaque", authority),
                secret("us-at-legacy", "kubernetes.io/tls", pair),
                secret("proxy-admin", "Opaque", Map.of("token", "0123456789abcdef0123456789abcdef")));
    }

    private static Secret secret(String name, String type, Map<String, String> data) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withType(type)
                .withStringData(data)
                .build();
    }

    private String kubectl(String... words) {
        return tools.run(new String[] {"kubectl", "--namespace", NAMESPACE}, words);
    }
}
