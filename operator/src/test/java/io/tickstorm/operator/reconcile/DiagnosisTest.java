package io.tickstorm.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ImagePullBackOff           | ImagePullFailed | check spec.backend.image
            ErrImagePull               | ImagePullFailed | may pull from its registry
            CrashLoopBackOff           | CrashLoop       | kubectl logs -n shop demo-backend-1 --previous
            CreateContainerConfigError | ContainerFailed | podSecurity
            """)
    void aContainerThatDoesNotStartIsToldWithWhatToDo(String waiting, String reason, String todo) {
        var troubles = Diagnosis.of(pods(waitingPod("demo-backend-1", waiting)), NOW);

        assertThat(troubles).singleElement().satisfies(trouble -> {
            assertThat(trouble.reason()).isEqualTo(reason);
            assertThat(trouble.message()).contains("demo-backend-1", todo);
        });
    }

    @Test
    void aHundredPodsWithoutAnImageAreOneTrouble() {
        var pods = pods(waitingPod("demo-backend-1", "ErrImagePull"), waitingPod("demo-backend-2", "ErrImagePull"));

        assertThat(Diagnosis.of(pods, NOW)).hasSize(1);
    }

    @Test
    void aContainerThatIsOnItsWayIsNoTrouble() {
        assertThat(Diagnosis.of(pods(waitingPod("demo-backend-1", "ContainerCreating")), NOW))
                .isEmpty();
    }

    @Test
    void aPodThatFindsNoNodeIsToldWithTheSchedulersWords() {
        var pod = YAML.unmarshal("""
                kind: Pod
                metadata: {name: demo-proxy-1, labels: {tickstorm.io/component: proxy}}
                status:
                  conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: 0/1 nodes have enough memory}]
                """, Pod.class);

        assertThat(Diagnosis.of(pods(pod), NOW)).singleElement().satisfies(trouble -> {
            assertThat(trouble.reason()).isEqualTo("Unschedulable");
            assertThat(trouble.message()).contains("0/1 nodes have enough memory", "spec.loadBalancer.resources");
        });
    }

    @Test
    void podsThatAQuotaRefusesAndARolloutThatIsStuckAreTold() {
        var deployment = YAML.unmarshal("""
                kind: Deployment
                metadata: {name: demo-backend, namespace: shop, labels: {tickstorm.io/cluster: demo}}
                status:
                  conditions:
                    - {type: ReplicaFailure, status: "True", reason: FailedCreate, message: exceeded quota}
                    - {type: Progressing, status: "False", reason: ProgressDeadlineExceeded, message: has timed out}
                """, Deployment.class);

        var troubles = Diagnosis.of(new Observation(deployment, null, null, List.of(), List.of()), NOW);

        assertThat(troubles).extracting(Trouble::reason).containsExactly("PodsRefused", "RolloutStuck");
    }

    @ParameterizedTest
    @CsvSource({"2026-11-21T11:59:00Z, 0", "2026-11-21T11:50:00Z, 1"})
    void anAutoscalerMayLackMetricsForItsFirstMinutes(String since, int troubles) {
        var autoscaler = YAML.unmarshal("""
                kind: HorizontalPodAutoscaler
                metadata: {name: demo-backend}
                status:
                  conditions: [{type: ScalingActive, status: "False", reason: FailedGetResourceMetric, message: no metrics, lastTransitionTime: "%s"}]
                """.formatted(since), HorizontalPodAutoscaler.class);

        assertThat(Diagnosis.of(new Observation(null, null, null, List.of(autoscaler), List.of()), NOW))
                .hasSize(troubles);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            demo-backend | pods "demo-backend-1" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true | set spec.backend.podSecurity: Restricted
            demo-backend | pods "demo-backend-1" is forbidden: exceeded quota: team, requested: cpu=2                           | lower spec.backend.replicas
            demo-backend | error looking up service account shop/web: serviceaccount "web" not found                            | spec.backend.serviceAccountName
            demo-backend | no PriorityClass with name high was found                                                            | spec.backend.pod.priorityClassName
            demo-backend | admission webhook "images" denied the request                                                        | what the policy of the namespace refuses
            """)
    void podsThatAreRefusedAreToldWithTheRemedy(String name, String message, String todo) {
        var deployment = YAML.unmarshal("""
                kind: Deployment
                metadata: {name: %s, namespace: shop, labels: {tickstorm.io/cluster: demo}}
                status: {conditions: [{type: ReplicaFailure, status: "True", reason: FailedCreate, message: '%s'}]}
                """.formatted(name, message), Deployment.class);

        assertThat(Diagnosis.of(new Observation(deployment, null, null, List.of(), List.of()), NOW))
                .singleElement()
                .satisfies(trouble -> assertThat(trouble.message()).contains(message, todo));
    }

    @Test
    void aContainerThatRunsOutOfMemoryIsToldToGetMore() {
        var pod = YAML.unmarshal("""
                kind: Pod
                metadata: {name: demo-backend-1, namespace: shop, labels: {tickstorm.io/component: backend}}
                status:
                  containerStatuses:
                    - {name: backend, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {reason: OOMKilled, exitCode: 137}}}
                """, Pod.class);

        assertThat(Diagnosis.of(pods(pod), NOW))
                .singleElement()
                .satisfies(trouble -> assertThat(trouble.message())
                        .contains("exit code 137, OOMKilled", "raise spec.backend.resources.limits.memory"));
    }

    @ParameterizedTest
    @CsvSource({"2026-11-21T11:59:00Z, 0", "2026-11-21T11:50:00Z, 1"})
    void aContainerThatIsNotCreatedInMinutesLacksWhatItMounts(String since, int troubles) {
        var pod = YAML.unmarshal("""
                kind: Pod
                metadata: {name: demo-proxy-1, namespace: shop, labels: {tickstorm.io/component: proxy}}
                spec: {containers: [], volumes: [{name: secrets, projected: {sources: [{secret: {name: shop-tls}}]}}]}
                status:
                  startTime: "%s"
                  containerStatuses: [{name: proxy, state: {waiting: {reason: ContainerCreating}}}]
                """.formatted(since), Pod.class);

        assertThat(Diagnosis.of(pods(pod), NOW))
                .hasSize(troubles)
                .allSatisfy(trouble -> assertThat(trouble.message())
                        .contains("shop-tls", "kubectl describe pod -n shop demo-proxy-1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            LoadBalancer | 2026-11-21T11:59:00Z | {}                                            | 0
            LoadBalancer | 2026-11-21T11:50:00Z | {}                                            | 1
            LoadBalancer | 2026-11-21T11:50:00Z | {loadBalancer: {ingress: [{ip: 203.0.113.7}]}} | 0
            NodePort     | 2026-11-21T11:50:00Z | {}                                            | 0
            """)
    void aLoadBalancerThatGetsNoAddressIsTold(String type, String since, String status, int troubles) {
        var front = YAML.unmarshal("""
                kind: Service
                metadata: {name: demo-proxy, namespace: shop, creationTimestamp: "%s"}
                spec: {type: %s}
                status: %s
                """.formatted(since, type, status), Service.class);

        assertThat(Diagnosis.of(new Observation(null, null, front, List.of(), List.of()), NOW))
                .hasSize(troubles)
                .allSatisfy(trouble -> assertThat(trouble.reason()).isEqualTo("LoadBalancerPending"));
    }

    private static Observation pods(Pod... pods) {
        return new Observation(null, null, null, List.of(), List.of(pods));
    }

    private static Pod waitingPod(String name, String reason) {
        return YAML.unmarshal("""
                kind: Pod
                metadata: {name: %s, namespace: shop, labels: {tickstorm.io/component: backend}}
                status:
                  containerStatuses:
                    - {name: backend, image: "shop:1", state: {waiting: {reason: %s, message: it says}}}
                """.formatted(name, reason), Pod.class);
    }
}
