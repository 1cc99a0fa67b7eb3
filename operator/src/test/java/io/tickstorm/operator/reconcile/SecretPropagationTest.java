package io.tickstorm.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretPropagationTest {
    private static final ClusterKey DEMO = new ClusterKey("shop", "demo");
    private static final String OLD = "0123456789abcdef";
    private static final String NEW = "fedcba9876543210";

    private final List<String> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private SecretPropagation propagation = begun();

    @Test
    void everyProxyIsToldAtOnceAndOnceMoreWhenTheKubeletMustHaveSeenTheSecret() {
        var pods = List.of(proxy("a", OLD + ".2"), proxy("b", null));

        assertThat(propagation.bring(DEMO, NEW, pods)).isEqualTo(Duration.ofSeconds(5));
        assertThat(told).containsExactly("a " + NEW, "b " + NEW);

        pass(4);
        propagation.bring(DEMO, NEW, pods);
        assertThat(told).hasSize(2);

        pass(1);
        assertThat(propagation.bring(DEMO, NEW, pods)).isNull();
        assertThat(told).containsExactly("a " + NEW, "b " + NEW, "a " + NEW + ".2", "b " + NEW + ".2");

        pass(60);
        assertThat(propagation.bring(DEMO, NEW, pods)).isNull();
        assertThat(told).hasSize(4);
    }

    @Test
    void whoWasToldByAnotherLeaderIsNotToldAgain() {
        propagation.bring(DEMO, NEW, List.of(proxy("a", NEW + ".2"), proxy("b", NEW)));

        assertThat(told).containsExactly("b " + NEW + ".2");
    }

    @Test
    void nobodyIsToldWhatIsNotKnownOrWhatIsOfNoUse() {
        assertThat(propagation.bring(DEMO, null, List.of(proxy("a", null)))).isNull();
        var backend = new PodBuilder(proxy("web", null))
                .editMetadata()
                .addToLabels("tickstorm.io/component", "backend")
                .endMetadata()
                .build();
        var starting =
                new PodBuilder(proxy("c", null)).withNewStatus().endStatus().build();
        assertThat(propagation.bring(DEMO, NEW, List.of(backend, starting))).isNull();

        assertThat(told).isEmpty();
    }

    @Test
    void aClusterThatComesBackIsNews() {
        propagation.bring(DEMO, NEW, List.of(proxy("a", null)));
        propagation.forget(DEMO);

        propagation.bring(DEMO, NEW, List.of(proxy("a", null)));

        assertThat(told).containsExactly("a " + NEW, "a " + NEW);
    }

    private SecretPropagation begun() {
        return new SecretPropagation(
                (pod, key, value) -> {
                    assertThat(key).isEqualTo("tickstorm.io/secrets");
                    told.add(pod.getMetadata().getName() + " " + value);
                },
                () -> now);
    }

    private void pass(int seconds) {
        now = now.plusSeconds(seconds);
    }

    private static Pod proxy(String name, String annotation) {
        var pod = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("shop")
                .withUid("uid of " + name)
                .addToLabels("tickstorm.io/component", "proxy")
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withPodIP("10.0.0.1")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
        if (annotation != null) {
            pod.getMetadata().setAnnotations(java.util.Map.of(SecretPropagation.ANNOTATION, annotation));
        }
        return pod;
    }
}
