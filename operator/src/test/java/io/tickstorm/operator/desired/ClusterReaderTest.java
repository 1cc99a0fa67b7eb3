package io.tickstorm.operator.desired;

import static io.tickstorm.operator.desired.Samples.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.crd.ClusterSpec;
import io.tickstorm.operator.desired.ClusterReader.Reading;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterReaderTest {

    @Test
    void everyProblemIsToldAtOnceWithItsPath() {
        var problems = problems("""
                backend: {image: 'shop:1', replicas: many, prots: {http: 80}}
                loadBalancer:
                  replicas: 0
                  listeners:
                    - {name: http, port: 70000}
                    - {name: tcp, protocol: TCP, port: 8081, headerTimeout: 3s}
                  retries: {attempts: 99}
                  healthCheck: {interval: 5 seconds}
                """);

        assertThat(problems)
                .extracting(problem -> problem.substring(0, problem.indexOf(':')))
                .contains(
                        "spec.backend.replicas",
                        "spec.backend.prots",
                        "spec.loadBalancer.replicas",
                        "spec.loadBalancer.listeners[0].port",
                        "spec.loadBalancer.listeners[1].headerTimeout",
                        "spec.loadBalancer.retries.attempts",
                        "spec.loadBalancer.healthCheck.interval");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {backend: {image: 'shop:1'}}                                                                      | spec.backend.ports: missing
            {backend: {image: 'shop:1', ports: {a: 1, b: 2}}}                                                 | spec.loadBalancer.listeners: missing
            {backend: {image: 'shop:1', ports: {http: 1, b: 1}}}                                              | spec.backend.ports: 1 given twice
            {backend: {image: 'shop:1', ports: {A_B: 1}}}                                                     | spec.backend.ports: "A_B"
            {backend: {image: 'shop:1', ports: {http: 99999}}}                                                | spec.backend.ports.http: 99999 (expected: 1..65535)
            {backend: {ports: {web: 9000}}}                                                                   | spec.backend.ports: [health, http, metrics, tcp, web] (expected: some of
            {backend: {image: 'shop:1', ports: {http: 80}, probes: {readiness: {port: health}}}}              | spec.backend.probes.readiness.port: "health"
            {backend: {image: 'shop:1', ports: {http: 80}}, autoscaling: {backend: {connections: 0}}}         | spec.backend.resources.requests: missing
            {autoscaling: {backend: {scaleUp: {window: 2h}}}}                                                 | spec.autoscaling.backend.scaleUp.window: 2h
            {autoscaling: {backend: {minReplicas: 5, maxReplicas: 3}}}                                        | spec.autoscaling.backend.minReplicas: 5 (expected: at most maxReplicas, 3)
            {backend: {resources: {requests: {cpu: lots}}}}                                                   | spec.backend.resources.requests.cpu
            {loadBalancer: {listeners: [{name: a, port: 80, backendPort: nowhere}]}}                          | spec.loadBalancer.listeners[0].backendPort: "nowhere"
            {loadBalancer: {listeners: [{name: a, port: 80}]}}                                                | spec.loadBalancer.listeners[0].backendPort: missing
            {loadBalancer: {listeners: [{name: http, port: 9090}]}}                                           | spec.loadBalancer.listeners[0].port: 9090
            {loadBalancer: {listeners: [{name: http, port: 80, nodePort: 80}]}}                               | spec.loadBalancer.listeners[0].nodePort: 80 (expected: 30000..32767)
            {loadBalancer: {listeners: [{name: http, port: 80}, {name: tcp, port: 80}]}}                      | spec.loadBalancer.listeners: 80 given twice
            {loadBalancer: {listeners: [{name: metrics, port: 80, backendPort: http}]}}                       | spec.loadBalancer.listeners[0].name: "metrics"
            {loadBalancer: {service: {type: ClusterIP}, listeners: [{name: http, port: 80, nodePort: 30000}]}} | spec.loadBalancer.listeners[0].nodePort: 30000
            {loadBalancer: {balancing: {policy: Fastest}}}                                                    | spec.loadBalancer.balancing.policy: "Fastest" (expected: LeastConnections or RoundRobin or PowerOfTwoChoices or PeakEwma or Random or ConsistentHash or SourceIpHash)
            {loadBalancer: {retries: {perTryTimeout: 5}}}                                                     | spec.loadBalancer.retries.perTryTimeout: 5
            {loadBalancer: {retries: {statuses: [502, 404]}}}                                                 | spec.loadBalancer.retries.statuses[1]: 404 (expected: a status of 500..599)
            {loadBalancer: {retries: {backoff: {base: 1s, max: 10ms}}}}                                       | spec.loadBalancer.retries.backoff.max: 10ms (expected: at least base, 1s)
            {loadBalancer: {outlierEjection: {failurePercent: 101}}}                                          | spec.loadBalancer.outlierEjection.failurePercent: 101 (expected: 1..100)
            {loadBalancer: {limits: {queue: {size: -1}}}}                                                     | spec.loadBalancer.limits.queue.size: -1 (expected: 0..1000000)
            {loadBalancer: {stickiness: {type: SourceIp, size: 1}}}                                           | spec.loadBalancer.stickiness.size: 1 (expected: 16..16777216)
            {loadBalancer: {stickiness: {type: Cookie, secretFile: keys}}}                                    | spec.loadBalancer.stickiness.type: Cookie (expected: SourceIp
            {loadBalancer: {stickiness: {type: SourceIp}, balancing: {policy: SourceIpHash}}}                 | spec.loadBalancer.stickiness: beside the policy SourceIpHash
            {loadBalancer: {healthCheck: {type: GRPC, path: /x}}}                                             | spec.loadBalancer.healthCheck.path: a GRPC check has no path
            {loadBalancer: {healthCheck: {type: TCP, send: PING}}}                                            | spec.loadBalancer.healthCheck.send: "PING" without an answer
            {loadBalancer: {accessLog: {requests: Some}}}                                                     | spec.loadBalancer.accessLog.requests: "Some" (expected: None or Failed or All)
            {loadBalancer: {accessLog: {path: access.log}}}                                                   | spec.loadBalancer.accessLog.path:
            {loadBalancer: {listeners: [{name: http, port: 80, maxConnectionRate: -1}]}}                      | spec.loadBalancer.listeners[0].maxConnectionRate: -1
            {loadBalancer: {listeners: [{name: http, port: 80, clients: {messageRate: 1}}]}}                  | spec.loadBalancer.listeners[0].clients.messageRate: HTTP has no messages
            {loadBalancer: {listeners: [{name: http, port: 80, clients: {exempt: [10.0.0.1/8]}}]}}            | spec.loadBalancer.listeners[0].clients.exempt[0]: "10.0.0.1/8"
            {loadBalancer: {service: {type: Ingress}}}                                                        | spec.loadBalancer.service.type: "Ingress"
            """)
    void whatDoesNotFitTogetherIsToldByItsPath(String spec, String expected) {
        assertThat(problems(spec)).singleElement().asString().startsWith(expected);
    }

    @Test
    void aProblemInAFileHasItsLine() {
        var yaml = """
                apiVersion: tickstorm.io/v1alpha1
                kind: TickStormCluster
                metadata: {name: demo}
                spec:
                  loadBalancer:
                    replicas: none
                """;

        var reading = ClusterReader.read(yaml, "demo.yaml");

        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Refused.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .extracting(problem -> problem.in("demo.yaml"))
                                .asString()
                                .startsWith("demo.yaml:6: spec.loadBalancer.replicas: "));
    }

    @Test
    void anotherKindOfResourceIsRefused() {
        var reading = ClusterReader.read("{apiVersion: v1, kind: Pod, metadata: {name: demo}}", "pod.yaml");

        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Refused.class,
                        refused -> assertThat(refused.problems())
                                .extracting(problem -> problem.path())
                                .containsExactly("apiVersion", "kind"));
    }

    @Test
    void textThatIsNoYamlIsRefusedAndNotThrown() {
        assertThat(ClusterReader.read("spec: [", "x")).isInstanceOf(Reading.Refused.class);
    }

    @Test
    void aNameThatIsTooLongForItsChildrenIsRefused() {
        var resource = Map.<String, Object>of(
                "apiVersion",
                "tickstorm.io/v1alpha1",
                "kind",
                "TickStormCluster",
                "metadata",
                Map.of("name", "x".repeat(41)));

        assertThat(ClusterReader.read(resource))
                .isInstanceOfSatisfying(
                        Reading.Refused.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .extracting(problem -> problem.path())
                                .isEqualTo("metadata.name"));
    }

    @Test
    void theServersStatusDoesNotMatter() {
        var resource = Map.<String, Object>of(
                "apiVersion",
                "tickstorm.io/v1alpha1",
                "kind",
                "TickStormCluster",
                "metadata",
                Map.of("name", "demo", "somethingNew", true),
                "status",
                Map.of("conditions", "of another version"));

        assertThat(ClusterReader.read(resource))
                .isInstanceOfSatisfying(
                        Reading.Accepted.class,
                        accepted -> assertThat(accepted.cluster().getSpec()).isEqualTo(ClusterSpec.defaults()));
    }
}
