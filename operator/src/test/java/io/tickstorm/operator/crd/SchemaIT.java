package io.tickstorm.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.operator.desired.ClusterReader.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What a real API server makes of the definition: its defaults, its refusals and their messages, its subresources. */
@ExtendWith(ApiServer.Extension.class)
class SchemaIT {
    private final ApiServer server;
    private final KubernetesClient client;
    private final String namespace;

    SchemaIT(ApiServer server) {
        this.server = server;
        client = server.client();
        namespace = server.newNamespace();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "spec: {}", "spec: {backend: {}, loadBalancer: {}}"})
    void anEmptySpecIsFilledIn(String spec) {
        var cluster = create("demo", spec);

        assertThat(cluster.<Object>get("spec"))
                .isEqualTo(Map.of("backend", Map.of("replicas", 3), "loadBalancer", Map.of("replicas", 2)));
    }

    @Test
    void theServersDefaultsAreThoseOfTheJavaTypes() {
        var written =
                "spec: {backend: {drain: {}}, loadBalancer: {service: {}, drain: {}}, autoscaling: {backend: {}}}";

        var cluster = create("demo", written);

        assertThat(spec(cluster.<Map<String, Object>>get("spec")))
                .isEqualTo(spec(Map.of(
                        "backend", Map.of("drain", Map.of()),
                        "loadBalancer", Map.of(),
                        "autoscaling", Map.of("backend", Map.of()))));
    }

    @ParameterizedTest
    @MethodSource("io.tickstorm.operator.desired.Samples#names")
    void theSamplesAreAccepted(String sample) throws IOException {
        var text = Files.readString(Path.of("../k8s/samples/" + sample + ".yaml"));

        var created = client.resource(text).inNamespace(namespace).create();

        assertThat(created.getMetadata().getUid()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {backend: {image: 'a:1', ports: {a: 0}}}                                        | should be greater than or equal to 1
            {backend: {drain: {delay: 5}}}                                                  | delay
            {backend: {drain: {delay: soon}}}                                               | spec.backend.drain.delay
            {loadBalancer: {replicas: 0}}                                                   | spec.loadBalancer.replicas
            {loadBalancer: {listeners: []}}                                                 | should have at least 1 items
            {loadBalancer: {listeners: [{name: a}]}}                                        | listeners[0].port: Required value
            {loadBalancer: {listeners: [{name: http, port: 80}, {name: http, port: 81}]}}   | Duplicate value
            {loadBalancer: {listeners: [{name: http, port: 80, clients: {exempt: [anyone]}}]}} | spec.loadBalancer.listeners[0].clients.exempt[0]
            {loadBalancer: {listeners: [{name: http, port: 80, tls: {}}]}}                  | spec.loadBalancer.listeners[0].tls.certificates: Required value
            {loadBalancer: {listeners: [{name: http, port: 80, tls: {certificates: []}}]}}  | should have at least 1 items
            {loadBalancer: {stickiness: {type: Cooky}}}                                     | Unsupported value: "Cooky"
            {loadBalancer: {retries: {statuses: [404]}}}                                    | spec.loadBalancer.retries.statuses[0]
            {loadBalancer: {retries: {bodyLimit: lots}}}                                    | spec.loadBalancer.retries.bodyLimit
            """)
    void whatHasNotTheFormIsRefusedWithItsPath(String spec, String message) {
        assertThat(refusal(parsed(spec))).contains(message);
    }

    @TestFactory
    Stream<DynamicTest> everyRuleIsHitFromBothSides() {
        var cases = RuleCases.all();
        var ranges = SettingEdges.all().stream().map(SettingEdges.Edge::path).collect(Collectors.toSet());
        return RuleCases.rules(CrdManifest.tree()).stream()
                .filter(rule -> !rule.range()
                        || !ranges.contains(rule.at().replace("spec.loadBalancer.", ""))
                        || rule.message().startsWith("expected 0s,"))
                .map(rule -> DynamicTest.dynamicTest(rule.at() + ": " + rule.message(), () -> {
                    var both = cases.stream().filter(one -> one.of(rule)).toList();

                    assertThat(both)
                            .as("cases of this rule; add one to rules.yaml")
                            .isNotEmpty();
                    for (var one : both) {
                        assertThat(refusal(one.taken())).as("%s", one.taken()).isEmpty();
                        assertThat(ClusterReader.read(one.taken())).isInstanceOf(Reading.Accepted.class);
                        assertThat(refusal(one.refused()))
                                .contains(rule.message())
                                .contains(rule.at().replace("[]", "[0]"));
                        assertThat(ClusterReader.read(one.refused())).isInstanceOf(Reading.Refused.class);
                    }
                }));
    }

    @Test
    void noCaseIsOfARuleThatIsGone() {
        var rules = RuleCases.rules(CrdManifest.tree());

        assertThat(RuleCases.all()).allMatch(one -> rules.stream().anyMatch(one::of));
    }

    /** The ends of every range, and what is just beyond them: the server, and the proxy's reader in the operator, are of one mind. */
    @Test
    void everyRangeEndsWhereTheProxysDoes() {
        var edges = SettingEdges.all();
        var wrong = new ArrayList<String>();

        for (var edge : edges) {
            var refusal = refusal(edge.resource());
            var read = ClusterReader.read(edge.resource());
            if (refusal.isEmpty() != edge.taken() || read instanceof Reading.Accepted != edge.taken()) {
                wrong.add(edge + ": " + refusal + " / " + read);
            }
        }

        assertThat(edges).hasSizeGreaterThan(300);
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "spec.backend.image=shop:1, a",
        "spec.loadBalancer.image=mirror/proxy:1, b",
        "spec.loadBalancer.service.type=ClusterIP, b",
        "spec.backend.rollout.strategy=Canary, a"
    })
    void clustersAreSelectedByWhatTheyAre(String selector, String expected) {
        create("a", "spec: {backend: {image: 'shop:1', ports: {http: 80}, rollout: {strategy: Canary}}}");
        create("b", "spec: {loadBalancer: {image: 'mirror/proxy:1', service: {type: ClusterIP}}}");

        var found = client.resources(TickStormCluster.class)
                .inNamespace(namespace)
                .withField(selector.substring(0, selector.indexOf('=')), selector.substring(selector.indexOf('=') + 1))
                .list()
                .getItems();

        assertThat(found).extracting(cluster -> cluster.getMetadata().getName()).containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spec.loadBalancer                                 | The proxies in front of the backends.
            spec.loadBalancer.listeners.tls.certificates      | Secrets of type kubernetes.io/tls
            spec.loadBalancer.retries.perTryTimeout           | Expected: 0s to 24h. Left out: 0s.
            spec.loadBalancer.backends.discovery.dns.type     | Left out: Address.
            spec.loadBalancer.listeners.routes.headers        | With protocol: HTTP only.
            """)
    void kubectlExplains(String path, String words, @TempDir Path folder) {
        var said = server.kubectl(folder, "explain", "tsc." + path);
        // discovery hears of a new definition a moment after it is established
        var patience = Instant.now().plusSeconds(60);
        while (said.contains("doesn't have a resource type") && Instant.now().isBefore(patience)) {
            said = server.kubectl(folder, "explain", "tsc." + path);
        }

        assertThat(said.replaceAll("\\s+", " ")).contains(words);
    }

    @Test
    void theProxysWordsComeBackAsTheyWereSaid() {
        create("demo", """
                spec:
                  loadBalancer:
                    workers: 2
                    limits: {requests: 5}
                    listeners:
                      - {name: http, port: 80, maxHeaderSize: 8Ki, routes: [{headers: [{name: a, value: 1}], backend: http}]}
                    backends:
                      - {name: other, discovery: {static: [{address: 10.0.0.1, port: 80}]}, retries: {statuses: [503]}}
                """);

        var balancer = client.resources(TickStormCluster.class)
                .inNamespace(namespace)
                .withName("demo")
                .get()
                .getSpec()
                .loadBalancer();

        assertThat(balancer.words()).isEqualTo(Map.of("workers", 2, "limits", Map.of("requests", 5)));
        assertThat(balancer.listeners().getFirst().words())
                .isEqualTo(Map.of(
                        "maxHeaderSize",
                        "8Ki",
                        "routes",
                        List.of(Map.of("headers", List.of(Map.of("name", "a", "value", 1)), "backend", "http"))));
        assertThat(balancer.backends().getFirst().words())
                .isEqualTo(Map.of(
                        "discovery",
                        Map.of("static", List.of(Map.of("address", "10.0.0.1", "port", 80))),
                        "retries",
                        Map.of("statuses", List.of(503))));
    }

    @Test
    void theBackendsAreScaledThroughTheSubresource() {
        create("demo", "spec: {}");
        var clusters = client.resources(TickStormCluster.class).inNamespace(namespace);

        clusters.withName("demo").scale(7);

        assertThat(clusters.withName("demo").get().getSpec().backend().replicas())
                .isEqualTo(7);
    }

    @Test
    void theJavaTypesReadWhatTheServerHas() throws IOException {
        client.resource(Files.readString(Path.of("../k8s/samples/full.yaml")))
                .inNamespace(namespace)
                .create();

        var cluster = client.resources(TickStormCluster.class)
                .inNamespace(namespace)
                .withName("full")
                .get();

        assertThat(cluster.getSpec().loadBalancer().listeners()).hasSize(2);
        assertThat(cluster.getSpec().backend().ports()).containsEntry("feed", 3001);
    }

    /** What the server says against a resource; empty if it takes it. Nothing is made. */
    private String refusal(Map<String, Object> resource) {
        try {
            client.resource(new KubernetesSerialization().asJson(resource))
                    .inNamespace(namespace)
                    .dryRun()
                    .create();
            return "";
        } catch (KubernetesClientException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static Map<String, Object> parsed(String spec) {
        return RuleCases.resource(
                "demo", (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(spec));
    }

    private GenericKubernetesResource create(String name, String spec) {
        var text = """
                apiVersion: tickstorm.io/v1alpha1
                kind: TickStormCluster
                metadata: {name: %s}
                %s
                """.formatted(name, spec);
        return (GenericKubernetesResource)
                client.resource(text).inNamespace(namespace).create();
    }

    private static ClusterSpec spec(Map<String, Object> spec) {
        var resource = Map.of(
                "apiVersion",
                "tickstorm.io/v1alpha1",
                "kind",
                "TickStormCluster",
                "metadata",
                Map.of("name", "demo"),
                "spec",
                spec);
        return ((Reading.Accepted) ClusterReader.read(resource)).cluster().getSpec();
    }
}
