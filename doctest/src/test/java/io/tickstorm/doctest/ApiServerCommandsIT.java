package io.tickstorm.doctest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands that ask an API server and wait for no pod, against a real one that knows our definition. */
class ApiServerCommandsIT {
    private static final String PROGRAMS = System.getenv("KUBE_API_TEST_DIR");

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private static KubeAPIServer server;

    @BeforeAll
    static void start() throws Exception {
        assertThat(PROGRAMS).as("KUBE_API_TEST_DIR").isNotNull();
        var config = KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(PROGRAMS)
                .withOfflineMode(true)
                .withUpdateKubeConfig(false);
        var version = System.getenv("KUBE_API_TEST_API_SERVER_VERSION");
        if (version != null) {
            config.withApiServerVersion(version);
        }
        server = new KubeAPIServer(config.build());
        server.start();
        Files.writeString(shared.resolve("config"), server.getKubeConfigYaml());
        new Session(Files.createDirectory(shared.resolve("first")), List.of(), environment())
                .first("kubectl apply --server-side -k k8s/crds >$OUT/crds && kubectl wait --for=condition=Established"
                        + " crd/tickstormclusters.tickstorm.io --timeout=60s >$OUT/established")
                .run();
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @TestFactory
    Stream<DynamicTest> everyPageDoesWhatItSays() throws IOException {
        var pages = Page.all().stream()
                .map(page -> page.blocks.stream()
                        .filter(block -> block.how() instanceof How.OnApiServer)
                        .toList())
                .filter(blocks -> !blocks.isEmpty())
                .toList();
        assertThat(pages).isNotEmpty();
        return pages.stream()
                .map(blocks -> DynamicTest.dynamicTest(blocks.getFirst().page(), () -> run(blocks)));
    }

    private void run(List<Block> blocks) throws IOException, InterruptedException {
        var session = new Session(
                Files.createDirectory(folder.resolve(blocks.getFirst().page().replace('/', '-'))),
                List.of(),
                environment());
        blocks.forEach(session::add);
        session.run();
    }

    private static Map<String, String> environment() {
        return Map.of(
                "PATH", System.getenv("PATH"),
                "KUBECONFIG", shared.resolve("config").toString());
    }
}
