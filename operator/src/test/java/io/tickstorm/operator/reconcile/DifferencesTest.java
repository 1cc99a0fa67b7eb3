package io.tickstorm.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferencesTest {

    @Test
    void whatIsTheSameHasNone() {
        var object = Map.of("spec", Map.of("replicas", 2, "list", List.of(1, 2)));

        assertThat(between(object, object)).isEmpty();
    }

    @Test
    void aDifferenceIsNamedAsDeepAsItIs() {
        var before =
                Map.of("spec", Map.of("replicas", 9, "containers", List.of(Map.of("image", "evil:1", "name", "a"))));
        var after =
                Map.of("spec", Map.of("replicas", 9, "containers", List.of(Map.of("image", "good:1", "name", "a"))));

        assertThat(between(before, after)).isEqualTo("spec.containers[0].image");
    }

    @Test
    void whatIsMissingOnEitherSideIsNamedAndManyAreCounted() {
        assertThat(between(Map.of("a", 1), Map.of("b", 1))).isEqualTo("a, b");
        assertThat(between(Map.of("list", List.of(1)), Map.of("list", List.of(1, 2))))
                .isEqualTo("list");
        assertThat(between(Map.of("list", List.of(1, 2, 3, 4, 5)), Map.of("list", List.of(9, 8, 7, 6, 5))))
                .isEqualTo("list[0], list[1], list[2] and 1 more");
    }

    private static String between(Map<?, ?> before, Map<?, ?> after) {
        return Differences.between(new Look(before), new Look(after));
    }
}
