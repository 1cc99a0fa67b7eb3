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
            {loadBalancer: {listeners: [{name: http}]}}                                                       | spec.loadBalancer.listeners[0].port: missing
            {loadBalancer: {listeners: [{port: 80, backendPort: http}]}}                                      | spec.loadBalancer.listeners[0].name: missing
            {loadBalancer: {listeners: [{name: a, port: 80, backendPort: nowhere}]}}                          | spec.loadBalancer.listeners[0].backendPort: "nowhere"
            {loadBalancer: {listeners: [{name: a, port: 80}]}}                                                | spec.loadBalancer.listeners[0].backendPort: missing
            {loadBalancer: {listeners: [{name: http, port: 9090}]}}                                           | spec.loadBalancer.listeners[0].port: 9090
            {loadBalancer: {listeners: [{name: http, port: 80, nodePort: 80}]}}                               | spec.loadBalancer.listeners[0].nodePort: 80 (expected: 30000..32767)
            {loadBalancer: {listeners: [{name: http, port: 80}, {name: tcp, port: 80}]}}                      | spec.loadBalancer.listeners[1].port: 80 (expected: a port of its own, listeners[0] has this one)
            {loadBalancer: {listeners: [{name: metrics, port: 80, backendPort: http}]}}                       | spec.loadBalancer.listeners[0].name: "metrics"
            {loadBalancer: {service: {type: ClusterIP}, listeners: [{name: http, port: 80, nodePort: 30000}]}} | spec.loadBalancer.listeners[0].nodePort: 30000
            {loadBalancer: {balancing: {policy: Fastest}}}                                                    | spec.loadBalancer.balancing.policy: "Fastest" (expected: LeastConnections or RoundRobin or PowerOfTwoChoices or PeakEwma or Random or ConsistentHash or SourceIpHash)
            {loadBalancer: {retries: {perTryTimeout: 5}}}                                                     | spec.loadBalancer.retries.perTryTimeout: 5
            {loadBalancer: {retries: {statuses: [502, 404]}}}                                                 | spec.loadBalancer.retries.statuses[1]: 404 (expected: a status of 500..599)
            {loadBalancer: {retries: {backoff: {base: 1s, max: 10ms}}}}                                       | spec.loadBalancer.retries.backoff.max: 10ms (expected: at least base, 1s)
            {loadBalancer: {outlierEjection: {failurePercent: 101}}}                                          | spec.loadBalancer.outlierEjection.failurePercent: 101 (expected: 1..100)
            {loadBalancer: {limits: {queue: {size: -1}}}}                                                     | spec.loadBalancer.limits.queue.size: -1 (expected: 0..1000000)
            {loadBalancer: {stickiness: {type: SourceIp, size: 1}}}                                           | spec.loadBalancer.stickiness.size: 1 (expected: 16..16777216)
            {loadBalancer: {stickiness: {type: Cookie, secretFile: keys}}}                                    | spec.loadBalancer.stickiness.secretFile: given (expected: a Secret instead
            {loadBalancer: {stickiness: {type: Cookie}}}                                                      | spec.loadBalancer.stickiness.secret: missing (expected: {name: NAME
            {loadBalancer: {stickiness: {type: Cookie, secret: {name: keys, kye: a}}}}                        | spec.loadBalancer.stickiness.secret.kye: unknown key (expected: name, key)
            {loadBalancer: {stickiness: {type: Cookie, secret: {name: No}}}}                                  | spec.loadBalancer.stickiness.secret: "No" (expected: the name of a Secret)
            {loadBalancer: {listeners: [{name: http, port: 80, address: 10.0.0.1}]}}                          | spec.loadBalancer.listeners[0].address: given (expected: nothing
            {loadBalancer: {listeners: [{name: http, port: 80, tls: {}}]}}                                    | spec.loadBalancer.listeners[0].tls.certificates: none
            {loadBalancer: {listeners: [{name: http, port: 80, tls: {certificates: [{}]}}]}}                  | spec.loadBalancer.listeners[0].tls.certificates[0].secret: missing (expected: the name of a Secret of type
            {loadBalancer: {listeners: [{name: http, port: 80, tls: {certificates: [{secret: 5}]}}]}}         | spec.loadBalancer.listeners[0].tls.certificates[0].secret: "5" (expected: the name of a Secret)
            {loadBalancer: {listeners: [{name: http, port: 80, tls: {certificates: [{secret: a}], clientAuthentication: REQUIRED}}]}} | spec.loadBalancer.listeners[0].tls.clientCaSecret: missing (expected: {name: NAME
            {loadBalancer: {listeners: [{name: http, port: 80, backend: nowhere}]}}                           | spec.loadBalancer.listeners[0].backend: "nowhere" (expected: the name of a backend
            {loadBalancer: {listeners: [{name: http, port: 80, backend: http, backendPort: http}]}}           | spec.loadBalancer.listeners[0].backendPort: beside backend or backends
            {loadBalancer: {listeners: [{name: http, port: 80, backends: [{name: http, weight: 0}]}]}}        | spec.loadBalancer.listeners[0].backends: no weight at all
            {loadBalancer: {listeners: [{name: http, port: 80, routes: [{pathPrefix: x, backend: http}]}]}}   | spec.loadBalancer.listeners[0].routes[0].pathPrefix: "x"
            {loadBalancer: {listeners: [{name: http, port: 80, routes: [{pathPrefix: /x, backend: nowhere}]}]}} | spec.loadBalancer.listeners[0].routes[0].backend: "nowhere"
            {loadBalancer: {listeners: [{name: http, port: 80, hedaerTimeout: 1s}]}}                          | spec.loadBalancer.listeners[0].hedaerTimeout: unknown key (did you mean headerTimeout?)
            {loadBalancer: {listeners: [{name: http, port: 80, http2: {enabledd: true}}]}}                    | spec.loadBalancer.listeners[0].http2.enabledd: unknown key (did you mean enabled?)
            {loadBalancer: {retires: {}}}                                                                     | spec.loadBalancer.retires: unknown key (did you mean retries?)
            {loadBalancer: {metrics: {port: 1}}}                                                              | spec.loadBalancer.metrics.port: given (expected: nothing, it is 9090)
            {loadBalancer: {workers: -1}}                                                                     | spec.loadBalancer.workers: -1 (expected: 0..1024)
            {loadBalancer: {drain: {delay: 11m}}}                                                             | spec.loadBalancer.drain.delay: 11m (expected: 0s..10m)
            {loadBalancer: {backends: [{name: http, retries: {attempts: 11}}]}}                               | spec.loadBalancer.backends[0].retries.attempts: 11 (expected: 0..10)
            {loadBalancer: {backends: [{name: http, discovery: {static: []}}]}}                               | spec.loadBalancer.backends[0].discovery: given for the backend port http
            {loadBalancer: {backends: [{name: other}]}}                                                       | spec.loadBalancer.backends[0].discovery: missing (expected: exactly one of static, kubernetes and dns
            {loadBalancer: {backends: [{name: other, discovery: {dns: {name: a.b, port: 0}}}]}}               | spec.loadBalancer.backends[0].discovery.dns.port: 0
            {loadBalancer: {backends: [{name: other, discovery: {file: {path: x}}}]}}                         | spec.loadBalancer.backends[0].discovery.file: given
            {loadBalancer: {backends: [{name: http-green, discovery: {kubernetes: {service: x}}}]}}           | spec.loadBalancer.backends[0].name: "http-green" (expected: another name
            {loadBalancer: {backends: [{name: http}, {name: http}]}}                                          | spec.loadBalancer.backends[1].name: "http" (expected: each name once)
            {loadBalancer: {stickiness: {type: SourceIp}, balancing: {policy: SourceIpHash}}}                 | spec.loadBalancer.stickiness: beside the policy SourceIpHash
            {loadBalancer: {healthCheck: {type: GRPC, path: /x}}}                                             | spec.loadBalancer.healthCheck.path: a GRPC check has no path
            {loadBalancer: {healthCheck: {type: TCP, send: PING}}}                                            | spec.loadBalancer.healthCheck.send: "PING" without an answer
            {loadBalancer: {accessLog: {requests: Some}}}                                                     | spec.loadBalancer.accessLog.requests: "Some" (expected: None or Failed or All)
            {loadBalancer: {accessLog: {path: access.log}}}                                                   | spec.loadBalancer.accessLog.path: given (expected: nothing
            {loadBalancer: {listeners: [{name: http, port: 80, maxConnectionRate: -1}]}}                      | spec.loadBalancer.listeners[0].maxConnectionRate: -1
            {loadBalancer: {listeners: [{name: http, port: 80, clients: {messageRate: 1}}]}}                  | spec.loadBalancer.listeners[0].clients.messageRate: HTTP has no messages
            {loadBalancer: {listeners: [{name: http, port: 80, clients: {exempt: [10.0.0.1/8]}}]}}            | spec.loadBalancer.listeners[0].clients.exempt[0]: "10.0.0.1/8"
            {loadBalancer: {service: {cloud: AWS}}}                                                           | spec.loadBalancer.service.type: NodePort (expected: LoadBalancer
            {loadBalancer: {service: {type: LoadBalancer, internal: true}}}                                   | spec.loadBalancer.service.cloud: missing (expected: AWS or Google
            {loadBalancer: {service: {type: LoadBalancer, cloud: Azure}}}                                     | spec.loadBalancer.service.cloud: "Azure" (expected: AWS or Google)
            {loadBalancer: {service: {type: LoadBalancer, sourceRanges: [10.0.0.1]}}}                         | spec.loadBalancer.service.sourceRanges[0]: "10.0.0.1" (expected: an address range
            {loadBalancer: {pod: {labels: {tickstorm.io/cluster: mine}}}}                                     | spec.loadBalancer.pod.labels.tickstorm.io/cluster: what begins with tickstorm.io/
            {loadBalancer: {pod: {labels: {a b: c}}}}                                                         | spec.loadBalancer.pod.labels.a b: no such key
            {loadBalancer: {pod: {labels: {tier: 'a/b'}}}}                                                    | spec.loadBalancer.pod.labels.tier: "a/b" (expected: a label's value
            {backend: {pod: {tolerations: [{effect: NoSchedule}]}}}                                           | spec.backend.pod.tolerations[0].key: missing
            {backend: {pod: {tolerations: [{key: a, operator: Exists, value: b}]}}}                           | spec.backend.pod.tolerations[0].value: "b"
            {backend: {pod: {affinity: {nodeAfinity: {}}}}}                                                   | spec.backend.pod.affinity.nodeAfinity: not understood
            {backend: {pod: {affinity: {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: heavy}]}}}}} | spec.backend.pod.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: not understood
            {backend: {pod: {priorityClassName: High!}}}                                                      | spec.backend.pod.priorityClassName: "High!"
            {backend: {pod: {image: x}}}                                                                      | spec.backend.pod.image: unknown
            {availability: {disruptionBudget: {maxUnavailable: all}}}                                         | spec.availability.disruptionBudget.maxUnavailable: "all" (expected: a number of pods, or a share such as 25%)
            {availability: {topologySpread: {whenUnsatisfiable: Never}}}                                      | spec.availability.topologySpread.whenUnsatisfiable: "Never"
            {networkPolicy: {clients: []}}                                                                    | spec.networkPolicy.clients: empty
            {networkPolicy: {clients: [{}]}}                                                                  | spec.networkPolicy.clients[0]: nobody
            {networkPolicy: {clients: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}}                      | spec.networkPolicy.clients[0]: addresses and pods
            {networkPolicy: {clients: [{ipBlock: {cidr: 10.0.0.0}}]}}                                         | spec.networkPolicy.clients[0].ipBlock.cidr: "10.0.0.0"
            {networkPolicy: {backendClients: [{podSelector: {}}]}}                                            | spec.networkPolicy.backendAccess: Anyone (expected: Proxies
            {monitoring: {serviceMonitor: {interval: often}}}                                                 | spec.monitoring.serviceMonitor.interval: "often"
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
