package io.tickstorm.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.tickstorm.operator.crd.TickStormCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which changes of a cluster its proxies take over while they serve, and which need new pods. docs/shutdown.md has the list. */
class ReloadOrRollTest {
    private static final String BEFORE = "{replicas: 2, listeners: [{name: http, port: 8080}]}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            another listener       | {replicas: 2, listeners: [{name: http, port: 8080}, {name: ticks, protocol: TCP, port: 80, backendPort: tcp}]}
            another port           | {replicas: 2, listeners: [{name: http, port: 8088}]}
            another protocol       | {replicas: 2, listeners: [{name: http, port: 8080, protocol: TCP}]}
            a limit of a listener  | {replicas: 2, listeners: [{name: http, port: 8080, maxConnections: 100}]}
            another policy         | {replicas: 2, listeners: [{name: http, port: 8080}], balancing: {policy: RoundRobin}}
            health checks          | {replicas: 2, listeners: [{name: http, port: 8080}], healthCheck: {type: TCP}}
            retries                | {replicas: 2, listeners: [{name: http, port: 8080}], retries: {attempts: 3}}
            the circuit breaker    | {replicas: 2, listeners: [{name: http, port: 8080}], circuitBreaker: {consecutiveFailures: 9}}
            outlier ejection       | {replicas: 2, listeners: [{name: http, port: 8080}], outlierEjection: {interval: 30s}}
            limits of the backends | {replicas: 2, listeners: [{name: http, port: 8080}], limits: {queue: {size: 7}}}
            stickiness             | {replicas: 2, listeners: [{name: http, port: 8080}], stickiness: {type: SourceIp}}
            routes                 | {replicas: 2, listeners: [{name: http, port: 8080, routes: [{name: ticks, pathPrefix: /ticks, backend: tcp}]}]}
            compression            | {replicas: 2, listeners: [{name: http, port: 8080, compression: {types: [text/html]}}]}
            the access log         | {replicas: 2, listeners: [{name: http, port: 8080}], accessLog: {requests: All}}
            """)
    void itReloads(String what, String after) {
        assertThat(configuration(after)).as(what).isNotEqualTo(configuration(BEFORE));
        assertThat(template(after)).as(what).isEqualTo(template(BEFORE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            the image        | {replicas: 2, listeners: [{name: http, port: 8080}], image: "tickstorm/proxy:next"}
            resources        | {replicas: 2, listeners: [{name: http, port: 8080}], resources: {limits: {memory: 512Mi}}}
            exemplars        | {replicas: 2, listeners: [{name: http, port: 8080}], metrics: {exemplars: true}}
            workers          | {replicas: 2, listeners: [{name: http, port: 8080}], workers: 3}
            another Secret   | {replicas: 2, listeners: [{name: http, port: 8080, tls: {certificates: [{secret: site}]}}]}
            the grace period | {replicas: 2, listeners: [{name: http, port: 8080}], drain: {timeout: 120s}}
            """)
    void itRolls(String what, String after) {
        assertThat(template(after)).as(what).isNotEqualTo(template(BEFORE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            the number of proxies | {replicas: 5, listeners: [{name: http, port: 8080}]}
            a node port           | {replicas: 2, listeners: [{name: http, port: 8080, nodePort: 30085}]}
            """)
    void proxiesHearNothingOf(String what, String after) {
        assertThat(configuration(after)).as(what).isEqualTo(configuration(BEFORE));
        assertThat(template(after)).as(what).isEqualTo(template(BEFORE));
    }

    @Test
    void theHashIsThatOfTheConfigurationAmongTheObjects() {
        var objects = Desired.of(cluster(BEFORE), Situation.of(Samples.DEFAULTS));

        assertThat(Proxies.configurationHash(objects).orElseThrow()).matches("[0-9a-f]{16}");
        assertThat(Proxies.configurationHash(objects))
                .isNotEqualTo(Proxies.configurationHash(Desired.of(
                        cluster("{replicas: 2, listeners: [{name: other, port: 8080, backendPort: http}]}"),
                        Situation.of(Samples.DEFAULTS))));
    }

    private static String configuration(String loadBalancer) {
        return Samples.object(cluster(loadBalancer), ConfigMap.class, "demo-proxy")
                .getData()
                .get(Proxies.CONFIGURATION_KEY);
    }

    private static PodTemplateSpec template(String loadBalancer) {
        return Samples.object(cluster(loadBalancer), Deployment.class, "demo-proxy")
                .getSpec()
                .getTemplate();
    }

    private static TickStormCluster cluster(String loadBalancer) {
        return Samples.cluster("{loadBalancer: " + loadBalancer + "}");
    }
}
