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
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.IpFamily;
import io.tickstorm.proxy.time.Randomness;
import io.tickstorm.proxy.time.Ticker;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointSliceDiscoveryIT {
    private final RealTimers timers = new RealTimers();
    private final AtomicReference<EndpointSet> latest = new AtomicReference<>();
    private final KubeAPIServer server = server();
    private boolean serverRuns;
    private KubernetesClient client;
    private EndpointSliceDiscovery discovery;

    @BeforeEach
    void setUp() {
        server.start();
        serverRuns = true;
        client = KubernetesAccess.client(Config.fromKubeconfig(server.getKubeConfigYaml()));
        discovery = discovery(client);
    }

    @AfterEach
    void tearDown() {
        if (discovery != null) {
            discovery.close();
            client.close();
        }
        stopServer();
        timers.close();
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
        try (var relay = new Relay(port(server))) {
            try (var remote = KubernetesAccess.client(through(relay))) {
                var watching = discovery(remote);
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

    @Test
    void aServerThatIsFrozenIsNoticedAndItsEndpointsStay() throws Exception {
        client.resource(slice("web-1", "pod-1", "10.0.0.1", false)).create();
        discovery.start(latest::set);
        await("the first pod", () -> latest.get() != null && names().equals(List.of("pod-1")));

        signal("STOP");
        try {
            discovery.doubt();
            await("the trouble", () -> discovery.status().trouble() != null);
            assertThat(discovery.status().trouble()).contains("does not answer");
            assertThat(names()).containsExactly("pod-1");
            assertThat(discovery.status().synced()).isTrue();
        } finally {
            signal("CONT");
        }

        client.resource(slice("web-2", "pod-2", "10.0.0.2", false)).create();
        await("the second pod", () -> names().equals(List.of("pod-1", "pod-2")));
        discovery.doubt();
        await("the end of the trouble", () -> discovery.status().trouble() == null);
    }

    @Test
    void connectionsThatAreHalfOpenAreNoticedByAListAndReplaced() throws Exception {
        try (var relay = new Relay(port(server));
                var remote = KubernetesAccess.client(through(relay))) {
            var watching = discovery(remote);
            client.resource(slice("web-1", "pod-1", "10.0.0.1", false)).create();
            watching.start(latest::set);
            await("the first pod", () -> latest.get() != null && names().equals(List.of("pod-1")));

            relay.freeze();
            client.resource(slice("web-2", "pod-2", "10.0.0.2", false)).create();
            watching.doubt();

            await("the second pod", () -> names().equals(List.of("pod-1", "pod-2")));
            assertThat(watching.status().relists()).containsEntry(Relist.MISSED, 1L);
            client.resource(slice("web-3", "pod-3", "10.0.0.3", false)).create();
            await("the third pod, by the new watch", () -> names().equals(List.of("pod-1", "pod-2", "pod-3")));
            watching.close();
        }
    }

    @Test
    void aServerThatComesBackWithOlderVersionsIsBelieved() throws Exception {
        for (int i = 0; i < 20; i++) {
            // its versions are then far ahead of those of the next one
            client.resource(slice("web-1", "pod-1", "10.0.0.1", i % 2 == 0)).createOr(NonDeletingOperation::update);
        }
        try (var relay = new Relay(port(server));
                var remote = KubernetesAccess.client(through(relay))) {
            var watching = discovery(remote);
            watching.start(latest::set);
            await("the first pod", () -> latest.get() != null && names().equals(List.of("pod-1")));

            signal("KILL");
            serverRuns = false;
            watching.doubt();
            await("the trouble", () -> watching.status().trouble() != null);
            assertThat(names()).containsExactly("pod-1");

            var restored = server();
            restored.start();
            try (var its = KubernetesAccess.client(Config.fromKubeconfig(restored.getKubeConfigYaml()))) {
                its.resource(slice("web-2", "pod-2", "10.0.0.2", false)).create();
                relay.lead(port(restored));
                await("the second pod alone", () -> {
                    watching.doubt();
                    return names().equals(List.of("pod-2"));
                });
                its.resource(slice("web-3", "pod-3", "10.0.0.3", false)).create();
                await("the third pod, by the new watch", () -> names().equals(List.of("pod-2", "pod-3")));
            } finally {
                watching.close();
                restored.stop();
            }
        }
    }

    /** To the API server, a child of this process. */
    private static void signal(String name) throws Exception {
        var process = ProcessHandle.current()
                .descendants()
                .filter(child -> Arrays.asList(child.info().arguments().orElse(new String[0]))
                        .contains("--etcd-servers"))
                .findFirst()
                .orElseThrow();
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private Config through(Relay relay) {
        return new ConfigBuilder(Config.fromKubeconfig(server.getKubeConfigYaml()))
                .withMasterUrl("https://127.0.0.1:" + relay.port())
                .build();
    }

    private static int port(KubeAPIServer of) {
        return URI.create(Config.fromKubeconfig(of.getKubeConfigYaml()).getMasterUrl())
                .getPort();
    }

    private static KubeAPIServer server() {
        return new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withOfflineMode(System.getenv("KUBE_API_TEST_DIR") != null)
                .build());
    }

    private EndpointSliceDiscovery discovery(KubernetesClient from) {
        return new EndpointSliceDiscovery(
                () -> from,
                "default",
                "web",
                "http",
                IpFamily.PREFER_IPV4,
                Ticker.system(),
                timers,
                Randomness.perThread());
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
