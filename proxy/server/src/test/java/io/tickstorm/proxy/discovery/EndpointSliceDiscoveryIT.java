package io.tickstorm.proxy.discovery;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.time.Randomness;
import io.tickstorm.proxy.time.Ticker;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointSliceDiscoveryIT {
    private final AtomicReference<EndpointSet> latest = new AtomicReference<>();
    private final KubeAPIServer server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
            .withOfflineMode(System.getenv("KUBE_API_TEST_DIR") != null)
            .build());
    private boolean serverRuns;
    private KubernetesClient client;
    private EndpointSliceDiscovery discovery;

    @BeforeEach
    void setUp() {
        server.start();
        serverRuns = true;
        client = KubernetesAccess.client(Config.fromKubeconfig(server.getKubeConfigYaml()));
        discovery = new EndpointSliceDiscovery(
                () -> client, "default", "web", "http", Ticker.system(), Randomness.perThread());
    }

    @AfterEach
    void tearDown() {
        if (discovery != null) {
            discovery.close();
            client.close();
        }
        stopServer();
    }

    @Test
    void endpointsComeTerminateAndGoAndStayWhenTheServerDoesNotAnswer() {
        discovery.start(latest::set);
        await("the empty service", () -> EndpointSet.EMPTY.equals(latest.get()));
        assertThat(discovery.status().synced()).isTrue();

        client.resource(slice("web-1", "pod-1", "10.0.0.1", false)).create();
        client.resource(slice("web-2", "pod-2", "10.0.0.2", false)).create();
        await("both pods", () -> names().equals(List.of("pod-1", "pod-2")));

        client.resource(slice("web-1", "pod-1", "10.0.0.1", true)).update();
        await(
                "the end of the first",
                () -> latest.get().endpoints().stream()
                        .anyMatch(endpoint -> endpoint.condition() == Condition.DRAINING));

        client.resource(slice("web-1", "pod-1", "10.0.0.1", true)).delete();
        await("only the second", () -> names().equals(List.of("pod-2")));

        client.resource(slice("web-2", "pod-2", "10.0.0.2", false)).delete();
        await("none, once a list has confirmed it", () -> names().isEmpty());

        client.resource(slice("web-3", "pod-3", "10.0.0.3", false)).create();
        await("the third", () -> names().equals(List.of("pod-3")));

        stopServer();
        await("the age to show it", () -> discovery.status().lastContactAge().compareTo(Duration.ofSeconds(13)) > 0);
        assertThat(names()).containsExactly("pod-3");
        assertThat(discovery.status().synced()).isTrue();
    }

    @Test
    void whatChangedWhileTheServerWasAwayArrivesOnceItIsBack() throws Exception {
        var direct = Config.fromKubeconfig(server.getKubeConfigYaml());
        try (var relay = new Relay(URI.create(direct.getMasterUrl()).getPort())) {
            var relayed = new ConfigBuilder(direct)
                    .withMasterUrl("https://127.0.0.1:" + relay.port())
                    .build();
            try (var remote = KubernetesAccess.client(relayed)) {
                var watching = new EndpointSliceDiscovery(
                        () -> remote, "default", "web", "http", Ticker.system(), Randomness.perThread());
                watching.start(latest::set);
                client.resource(slice("web-1", "pod-1", "10.0.0.1", false)).create();
                await("the first pod", () -> latest.get() != null && names().equals(List.of("pod-1")));

                relay.cut();
                client.resource(slice("web-1", "pod-1", "10.0.0.1", false)).delete();
                client.resource(slice("web-2", "pod-2", "10.0.0.2", false)).create();
                await(
                        "the age to show it",
                        () -> watching.status().lastContactAge().compareTo(Duration.ofSeconds(13)) > 0);
                assertThat(names()).containsExactly("pod-1");

                relay.mend();
                await("only the second pod", () -> names().equals(List.of("pod-2")));
                await("contact", () -> watching.status().lastContactAge().compareTo(Duration.ofSeconds(13)) < 0);
                watching.close();
            }
        }
    }

    /** Once: a second stop of the server fails, since its data are gone. */
    private void stopServer() {
        if (serverRuns) {
            serverRuns = false;
            server.stop();
        }
    }

    private List<String> names() {
        return latest.get().endpoints().stream().map(Endpoint::name).toList();
    }

    private static EndpointSlice slice(String name, String pod, String address, boolean terminating) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .addToLabels("kubernetes.io/service-name", "web")
                .endMetadata()
                .withAddressType("IPv4")
                .addNewEndpoint()
                .withAddresses(address)
                .withNewConditions()
                .withReady(!terminating)
                .withServing(true)
                .withTerminating(terminating)
                .endConditions()
                .withNewTargetRef()
                .withKind("Pod")
                .withName(pod)
                .withUid("uid-" + pod)
                .endTargetRef()
                .endEndpoint()
                .addNewPort()
                .withName("http")
                .withPort(8000)
                .withProtocol("TCP")
                .endPort()
                .build();
    }
}
