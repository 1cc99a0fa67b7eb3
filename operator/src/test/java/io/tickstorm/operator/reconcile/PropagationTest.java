package io.tickstorm.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.tickstorm.operator.telemetry.FleetReport;
import io.tickstorm.operator.telemetry.ProxyAddress;
import io.tickstorm.operator.telemetry.ProxyReport;
import io.tickstorm.operator.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PropagationTest {
    private static final ClusterKey DEMO = new ClusterKey("shop", "demo");
    private static final String OLD = "0123456789abcdef";
    private static final String NEW = "fedcba9876543210";

    private final Fleet fleet = new Fleet();
    private final Propagation propagation = new Propagation(fleet, fleet, fleet);

    @Test
    void proxiesThatHaveItAreLeftAlone() {
        fleet.runs("a", NEW);
        fleet.runs("b", NEW);

        var spread = bring();

        assertThat(spread).isEqualTo(new Spread(2, 2, List.of(), null));
        assertThat(spread.complete()).isTrue();
        assertThat(fleet.annotated).isEmpty();
    }

    @Test
    void thoseThatHaveItNotAreToldAtOnceAndLookedAtUntilTheyDo() {
        fleet.runs("a", NEW);
        fleet.runs("b", OLD);

        var spread = bring();

        assertThat(spread.having()).isEqualTo(1);
        assertThat(spread.proxies()).isEqualTo(2);
        assertThat(spread.lookAgain()).isEqualTo(Duration.ofMillis(500));
        assertThat(fleet.annotated).containsExactly("b tickstorm.io/configuration=" + NEW);

        fleet.runs("b", NEW);
        assertThat(bring().complete()).isTrue();
    }

    @Test
    void whoIsOnlyLookedAtIsToldNothing() {
        fleet.runs("a", NEW);
        fleet.runs("b", OLD);

        var spread = propagation.look(DEMO, NEW, fleet.pods(), true);

        assertThat(spread.having()).isEqualTo(1);
        assertThat(spread.proxies()).isEqualTo(2);
        assertThat(fleet.annotated).isEmpty();
    }

    @Test
    void whoHasItIsNotAskedAgainForAWhile() {
        fleet.runs("a", NEW);
        bring();
        fleet.asked.clear();

        fleet.pass(Duration.ofSeconds(59));
        bring();
        assertThat(fleet.asked).isEmpty();

        fleet.pass(Duration.ofSeconds(1));
        bring();
        assertThat(fleet.asked).containsExactly("a");
    }

    @Test
    void whoStillHasItNotIsToldAgainInOtherWords() {
        fleet.runs("a", OLD);
        bring();
        fleet.pass(Duration.ofSeconds(4));
        bring();
        assertThat(fleet.annotated).hasSize(1);

        fleet.pass(Duration.ofSeconds(1));
        bring();
        fleet.pass(Duration.ofSeconds(5));
        bring();

        assertThat(fleet.annotated)
                .containsExactly(
                        "a tickstorm.io/configuration=" + NEW,
                        "a tickstorm.io/configuration=" + NEW + ".2",
                        "a tickstorm.io/configuration=" + NEW + ".3");
    }

    @Test
    void aNewerConfigurationIsSpreadFromTheBeginning() {
        fleet.runs("a", OLD);
        assertThat(propagation.bring(DEMO, OLD, fleet.pods(), true).complete()).isTrue();

        assertThat(bring().complete()).isFalse();
        assertThat(fleet.annotated).containsExactly("a tickstorm.io/configuration=" + NEW);
    }

    @Test
    void podsThatStartOrEndOrAreNoProxiesAreNotAsked() {
        var pods = List.of(
                fleet.pod("starting", "proxy", false, false),
                fleet.pod("ending", "proxy", true, true),
                fleet.pod("web-0", "backend", true, false));

        assertThat(propagation.bring(DEMO, NEW, pods, true)).isEqualTo(Spread.NOBODY);
        assertThat(fleet.asked).isEmpty();
    }

    @Test
    void whoHadItAndIsSilentForOnceHasItStill() {
        fleet.runs("a", NEW);
        bring();
        fleet.silent("a");
        fleet.pass(Duration.ofSeconds(61));

        assertThat(bring().complete()).isTrue();
    }

    @Test
    void aRefusalIsToldInTheWordsOfTheProxyOnceItLasts() {
        fleet.refuses("a", OLD, "proxy.yaml:4: listeners[0].shiny: unknown");
        fleet.refuses("b", OLD, "proxy.yaml:4: listeners[0].shiny: unknown");
        assertThat(bring().troubles()).isEmpty();

        fleet.pass(Duration.ofSeconds(5));
        var spread = bring();

        assertThat(spread.having()).isZero();
        assertThat(spread.troubles()).singleElement().satisfies(trouble -> {
            assertThat(trouble.reason()).isEqualTo("ConfigurationRefused");
            assertThat(trouble.message())
                    .contains("proxy pod a", "listeners[0].shiny: unknown", "spec.loadBalancer.image");
        });
    }

    @Test
    void proxiesThatAreAboutToBeReplacedMayComplain() {
        fleet.refuses("a", OLD, "listeners[0].tls.certificates[0]: tls.crt is not there");
        bring();
        fleet.pass(Duration.ofSeconds(90));

        var spread = propagation.bring(DEMO, NEW, fleet.pods(), false);

        assertThat(spread.complete()).isFalse();
        assertThat(spread.troubles()).isEmpty();
    }

    @Test
    void aPartThatWasNotTakenOverIsTold() {
        fleet.flawed("a", NEW, "listener web: 0.0.0.0:80 cannot be bound");
        bring();
        fleet.pass(Duration.ofSeconds(60));

        var spread = bring();

        assertThat(spread.complete()).isTrue();
        assertThat(spread.troubles()).singleElement().satisfies(trouble -> {
            assertThat(trouble.reason()).isEqualTo("ConfigurationFlawed");
            assertThat(trouble.message()).contains("cannot be bound", "kubectl rollout restart -n shop");
        });
    }

    @Test
    void silenceIsToldAfterAMinute() {
        fleet.silent("a");
        bring();
        fleet.pass(Duration.ofSeconds(59));
        assertThat(bring().troubles()).isEmpty();

        fleet.pass(Duration.ofSeconds(1));

        assertThat(bring().troubles()).singleElement().satisfies(trouble -> {
            assertThat(trouble.reason()).isEqualTo("ProxySilent");
            assertThat(trouble.message())
                    .contains("proxy pod a at 10.0.0.1", "NetworkPolicy", "kubectl logs -n shop a");
        });
        assertThat(bring().lookAgain()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aKubeletThatDoesNotComeIsToldAfterAMinute() {
        fleet.runs("a", OLD);
        bring();
        fleet.pass(Duration.ofSeconds(60));

        assertThat(bring().troubles()).singleElement().satisfies(trouble -> {
            assertThat(trouble.reason()).isEqualTo("ConfigurationLate");
            assertThat(trouble.message())
                    .contains("runs by configuration " + OLD, "expected: " + NEW, "node-1", "60 s");
        });
    }

    @Test
    void aProxyThatCameLaterHasAMinuteOfItsOwn() {
        fleet.runs("a", NEW);
        bring();
        fleet.pass(Duration.ofSeconds(90));
        fleet.runs("b", OLD);
        bring();
        fleet.pass(Duration.ofSeconds(59));

        assertThat(bring().troubles()).isEmpty();
    }

    private Spread bring() {
        return propagation.bring(DEMO, NEW, fleet.pods(), true);
    }

    /** Proxies, the pods that they run in, and the clock on their wall. */
    private static final class Fleet implements Telemetry, Propagation.Annotator, InstantSource {
        final List<String> asked = new ArrayList<>();
        final List<String> annotated = new ArrayList<>();
        private final Map<String, ProxyReport> answers = new LinkedHashMap<>();
        private final Map<String, Pod> pods = new LinkedHashMap<>();
        private Instant now = Instant.parse("2026-11-21T12:00:00Z");

        void runs(String name, String hash) {
            says(new ProxyReport(name, hash, false, Instant.EPOCH, 0, List.of()));
        }

        void refuses(String name, String hash, String problem) {
            says(new ProxyReport(name, hash, true, Instant.EPOCH, 0, List.of(), List.of(problem)));
        }

        void flawed(String name, String hash, String problem) {
            says(new ProxyReport(name, hash, false, Instant.EPOCH, 0, List.of(), List.of(problem)));
        }

        void silent(String name) {
            answers.remove(name);
            pods.putIfAbsent(name, pod(name, "proxy", true, false));
        }

        private void says(ProxyReport report) {
            answers.put(report.pod(), report);
            pods.putIfAbsent(report.pod(), pod(report.pod(), "proxy", true, false));
        }

        void pass(Duration time) {
            now = now.plus(time);
        }

        List<Pod> pods() {
            return List.copyOf(pods.values());
        }

        Pod pod(String name, String component, boolean ready, boolean ending) {
            return new PodBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace("shop")
                    .withUid("uid of " + name)
                    .addToLabels("tickstorm.io/component", component)
                    .withDeletionTimestamp(ending ? "2026-11-21T12:00:00Z" : null)
                    .endMetadata()
                    .withNewSpec()
                    .withNodeName("node-1")
                    .endSpec()
                    .withNewStatus()
                    .withPodIP("10.0.0.1")
                    .addNewCondition()
                    .withType("Ready")
                    .withStatus(ready ? "True" : "False")
                    .endCondition()
                    .endStatus()
                    .build();
        }

        @Override
        public FleetReport ask(List<ProxyAddress> proxies) {
            proxies.forEach(proxy -> asked.add(proxy.pod()));
            return new FleetReport(
                    now,
                    proxies.stream()
                            .filter(proxy -> answers.containsKey(proxy.pod()))
                            .map(proxy -> answers.get(proxy.pod()))
                            .toList(),
                    proxies.stream()
                            .map(ProxyAddress::pod)
                            .filter(pod -> !answers.containsKey(pod))
                            .toList());
        }

        @Override
        public void annotate(Pod pod, String key, String value) {
            annotated.add(pod.getMetadata().getName() + " " + key + "=" + value);
            pods.put(
                    pod.getMetadata().getName(),
                    new PodBuilder(pod)
                            .editMetadata()
                            .addToAnnotations(key, value)
                            .endMetadata()
                            .build());
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public void close() {}
    }
}
