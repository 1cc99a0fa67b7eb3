package io.tickstorm.proxy.discovery;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.IpFamily;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server whose timing is known; {@link EndpointSliceDiscoveryIT} has a real one. */
class EndpointSliceDiscoveryTest {
    /** Longer than the time between two lists, jitter included, and shorter than two of them. */
    private static final Duration A_LIST = Duration.ofSeconds(11);

    private final ManualTime time = new ManualTime();
    private final List<List<String>> sets = new CopyOnWriteArrayList<>();
    private SliceServer server;
    private KubernetesClient client;
    private EndpointSliceDiscovery discovery;

    @BeforeEach
    void setUp() throws IOException {
        server = new SliceServer();
        server.put(slice("web-1", "a", "b"));
        client = KubernetesAccess.client(
                new ConfigBuilder(Config.empty()).withMasterUrl(server.url()).build());
        discovery = discovery(() -> client);
    }

    @AfterEach
    void tearDown() {
        discovery.close();
        client.close();
        server.close();
    }

    @Test
    void aChangeThatTheWatchIsNotToldOfIsFoundByTheListsAndTheWatchIsBegunAnew() throws IOException {
        synced();
        server.silent(true);

        server.put(slice("web-1", "a", "b", "c"));
        nextRound(A_LIST);
        assertThat(latest()).containsExactly("a", "b");
        nextRound(Duration.ofSeconds(1));

        assertThat(latest()).containsExactly("a", "b", "c");
        assertThat(relists(Relist.MISSED)).isEqualTo(1);
        assertThat(discovery.status().lastContactAge()).isZero();
        await("the new watch", () -> server.watches() == 2);
    }

    @Test
    void aListThatFailsChangesNothingAndAnEmptyOneAfterItIsConfirmed() throws IOException {
        synced();
        server.silent(true);

        server.answers(500);
        nextRound(A_LIST);
        assertThat(discovery.status().trouble()).contains("500");
        assertThat(discovery.status().synced()).isTrue();
        assertThat(discovery.status().lastContactAge()).isPositive();

        server.answers(200);
        server.remove("web-1");
        nextRound(A_LIST);
        assertThat(discovery.status().trouble()).isNull();
        nextRound(Duration.ofSeconds(1));
        assertThat(latest()).containsExactly("a", "b");

        nextRound(A_LIST);
        assertThat(latest()).isEmpty();
    }

    @Test
    void anEndpointThatCannotBeReachedIsAReasonToListButOnceASecond() {
        synced();
        time.advance(Duration.ofSeconds(3));
        int before = server.lists();

        for (int i = 0; i < 100; i++) {
            discovery.doubt();
        }
        nextRound(Duration.ZERO);

        assertThat(server.lists()).isEqualTo(before + 1);
        assertThat(relists(Relist.UNREACHABLE)).isEqualTo(1);
        discovery.doubt();
        time.advance(Duration.ofMillis(999));
        assertThat(server.lists()).isEqualTo(before + 1);
        nextRound(Duration.ofMillis(1));
        assertThat(server.lists()).isEqualTo(before + 2);
    }

    @Test
    void anEndpointThatIsMovedFromSliceToSliceIsNeverMissing() throws IOException {
        server.put(slice("web-2", "c"));
        synced();

        server.put(slice("web-1", "a"));
        server.put(slice("web-2", "c", "b"));
        server.put(slice("web-3", "d"));
        await("the last event", () -> latest().contains("d"));
        nextRound(A_LIST);

        assertThat(latest()).containsExactly("a", "b", "c", "d");
        assertThat(sets).allSatisfy(set -> assertThat(set).contains("a", "b", "c"));
    }

    @Test
    void whatDisappearsIsGoneAsSoonAsAListConfirmsIt() throws IOException {
        synced();
        time.advance(Duration.ofSeconds(3));

        server.put(slice("web-1", "a"));
        await("the doubt", () -> relists(Relist.VANISHED) == 1);
        assertThat(latest()).containsExactly("a", "b");
        nextRound(Duration.ofMillis(200));

        assertThat(latest()).containsExactly("a");
    }

    @Test
    void aVersionThatHasExpiredIsGotOver() throws IOException {
        synced();
        server.silent(true);
        server.put(slice("web-1", "a", "b", "c"));
        server.silent(false);

        server.expire();

        await("what was missed", () -> latest().equals(List.of("a", "b", "c")));
        assertThat(relists(Relist.MISSED)).isZero();
    }

    @Test
    void aServerThatIsNotThereAtTheStartIsTriedEverySecond() {
        server.answers(503);
        discovery.start(this::take);
        nextRound(Duration.ZERO);
        assertThat(discovery.status().synced()).isFalse();
        assertThat(discovery.status().trouble()).contains("503");

        server.answers(200);
        nextRound(Duration.ofSeconds(1));

        assertThat(latest()).containsExactly("a", "b");
        assertThat(discovery.status().trouble()).isNull();
    }

    @Test
    void aTokenThatIsReplacedInItsFileIsReadAnew(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("token"), "first");
        server.wants("first");
        try (var inPod = KubernetesAccess.client(serviceAccount(file))) {
            var watching = discovery(() -> inPod);
            synced(watching);

            Files.writeString(file, "second");
            server.wants("second");
            nextRound(A_LIST);

            assertThat(watching.status().trouble()).isNull();
            // the round began somewhere within the time that passed
            assertThat(watching.status().lastContactAge()).isLessThan(Duration.ofSeconds(3));
            watching.close();
        }
    }

    /** As the client configures itself in a pod, but for where the file is. */
    private Config serviceAccount(Path token) {
        var ours = List.of(
                Config.KUBERNETES_MASTER_SYSTEM_PROPERTY,
                Config.KUBERNETES_AUTH_TRYKUBECONFIG_SYSTEM_PROPERTY,
                Config.KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN_FILE_SYSTEM_PROPERTY);
        System.setProperty(ours.get(0), server.url());
        System.setProperty(ours.get(1), "false");
        System.setProperty(ours.get(2), token.toString());
        return Config.autoConfigure(null);
    }

    @AfterEach
    void forgetTheServiceAccount() {
        System.clearProperty(Config.KUBERNETES_MASTER_SYSTEM_PROPERTY);
        System.clearProperty(Config.KUBERNETES_AUTH_TRYKUBECONFIG_SYSTEM_PROPERTY);
        System.clearProperty(Config.KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN_FILE_SYSTEM_PROPERTY);
    }

    private EndpointSliceDiscovery discovery(Supplier<KubernetesClient> clients) {
        return new EndpointSliceDiscovery(
                clients, "default", "web", "http", IpFamily.PREFER_IPV4, time, time, Randomness.seeded(20_261_121));
    }

    /** Has the first set, and a watch that will tell of changes. */
    private void synced() {
        synced(discovery);
    }

    private void synced(EndpointSliceDiscovery discovery) {
        discovery.start(this::take);
        // The first list loads half a client: on a busy machine it may not be there in time.
        await("the first set", () -> {
            if (time.pending() == 1 && !discovery.status().synced()) {
                time.advance(Duration.ofSeconds(1));
            }
            return discovery.status().synced() && time.pending() == 1;
        });
        await("the watch", () -> server.watches() == 1);
    }

    private void take(EndpointSet set) {
        sets.add(set.endpoints().stream().map(Endpoint::name).sorted().toList());
    }

    /** Lets time pass until a round has begun, and waits for its end. */
    private void nextRound(Duration duration) {
        time.advance(duration);
        await("the end of the round", () -> time.pending() == 1);
    }

    private List<String> latest() {
        return sets.getLast();
    }

    private long relists(Relist reason) {
        return discovery.status().relists().getOrDefault(reason, 0L);
    }

    private static EndpointSlice slice(String name, String... pods) {
        var slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("kubernetes.io/service-name", "web")
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withName("http")
                .withPort(8000)
                .withProtocol("TCP")
                .endPort();
        for (var pod : pods) {
            slice.addNewEndpoint()
                    .withAddresses("10.0.0." + (int) pod.charAt(0))
                    .withNewTargetRef()
                    .withKind("Pod")
                    .withName(pod)
                    .withUid("uid-" + pod)
                    .endTargetRef()
                    .endEndpoint();
        }
        return slice.build();
    }
}
