package io.tickstorm.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.operator.desired.ClusterReader.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real API server makes of the definition: its defaults, its refusals and their messages, its subresources. */
@ExtendWith(ApiServer.Extension.class)
class SchemaIT {
    private final KubernetesClient client;
    private final String namespace;

    SchemaIT(ApiServer server) {
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
    @ValueSource(strings = {"smallest", "own-image", "full"})
    void theSamplesAreAccepted(String sample) throws IOException {
        var text = Files.readString(Path.of("../k8s/samples/" + sample + ".yaml"));

        var created = client.resource(text).inNamespace(namespace).create();

        assertThat(created.getMetadata().getUid()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {backend: {image: 'a:1'}}                                                       | an image of your own needs the port
            {backend: {ports: {web: 80}}}                                                   | the reference backend has http, tcp, health and metrics
            {backend: {image: 'a:1', ports: {A: 80}}}                                       | a port name has at most 15
            {backend: {image: 'a:1', ports: {a: 80, b: 80}}}                                | two names have the same port number
            {backend: {image: 'a:1', ports: {a: 0}}}                                        | should be greater than or equal to 1
            {backend: {drain: {delay: 5}}}                                                  | delay
            {backend: {drain: {delay: soon}}}                                               | spec.backend.drain.delay
            {backend: {env: [{name: A, value: x, valueFrom: {fieldRef: {fieldPath: a}}}]}}  | value and valueFrom exclude each other
            {backend: {env: [{name: A, valueFrom: {}}]}}                                    | expected exactly one of
            {backend: {probes: {readiness: {path: /x}}}}                                    | path belongs to type HTTP
            {loadBalancer: {replicas: 0}}                                                   | spec.loadBalancer.replicas
            {loadBalancer: {listeners: []}}                                                 | should have at least 1 items
            {loadBalancer: {listeners: [{name: a}]}}                                        | listeners[0].port: Required value
            {loadBalancer: {listeners: [{name: a, port: 8081}]}}                            | 8081, 8404 and 9090 are the proxy's own
            {loadBalancer: {listeners: [{name: a, port: 80, nodePort: 80}]}}                | expected 30000 to 32767
            {loadBalancer: {listeners: [{name: a, port: 80}, {name: b, port: 80}]}}         | two listeners have the same port
            {loadBalancer: {listeners: [{name: a, port: 80}, {name: a, port: 81}]}}         | Duplicate value
            {loadBalancer: {listeners: [{name: a, port: 80, nodePort: 30001}, {name: b, port: 81, nodePort: 30001}]}} | two listeners have the same nodePort
            {loadBalancer: {listeners: [{name: a, port: 80, protocol: TCP, maxHeaderSize: 1Ki}]}} | belong to protocol HTTP
            {loadBalancer: {listeners: [{name: a, port: 80, splice: false}]}} | splice belongs to protocol TCP
            {loadBalancer: {listeners: [{name: '1', port: 80}]}}                            | a listener's name needs a letter
            {loadBalancer: {service: {type: ClusterIP}, listeners: [{name: a, port: 80, nodePort: 30001}]}} | a Service of type ClusterIP has no node ports
            {loadBalancer: {listeners: [{name: a, port: 80, clients: {messageRate: 1}}]}}   | messageRate and messageBurst to TCP
            {loadBalancer: {listeners: [{name: a, port: 80, clients: {exempt: [anyone]}}]}} | spec.loadBalancer.listeners[0].clients.exempt[0]
            {loadBalancer: {stickiness: {type: Cookie}}}                                    | Unsupported value: "Cookie"
            {loadBalancer: {stickiness: {type: SourceIp}, balancing: {policy: ConsistentHash}}}| both decide where a client goes
            {loadBalancer: {retries: {statuses: [404]}}}                                    | spec.loadBalancer.retries.statuses[0]
            {autoscaling: {backend: {minReplicas: 5, maxReplicas: 4}}}                      | minReplicas is above maxReplicas
            {autoscaling: {backend: {cpu: 0, memory: 0, connections: 0}}}                   | nothing is measured
            {autoscaling: {loadBalancer: {scaleUp: {window: 61m}}}}                         | a window of an autoscaler lasts at most 1h
            {autoscaling: {loadBalancer: {scaleDown: {window: 2h}}}}                        | a window of an autoscaler lasts at most 1h
            """)
    void whatIsWrongIsRefusedWithWordsThatHelp(String spec, String message) {
        var refusal = catchThrowableOfType(KubernetesClientException.class, () -> create("demo", "spec: " + spec));

        assertThat(refusal).isNotNull();
        assertThat(refusal.getStatus().getMessage()).contains(message);
    }

    @ParameterizedTest
    @CsvSource({
        "a-name-that-is-longer-than-forty-characters, at most 40 characters",
        "1st, beginning with a letter",
        "shop.eu, beginning with a letter"
    })
    void aNameThatServicesCannotHaveIsRefused(String name, String message) {
        var refusal = catchThrowableOfType(KubernetesClientException.class, () -> create(name, "spec: {}"));

        assertThat(refusal).isNotNull();
        assertThat(refusal.getStatus().getMessage()).contains(message);
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
