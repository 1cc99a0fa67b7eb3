package io.tickstorm.proxy.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PropertyTest {
    @Test
    void theSmallestCounterexampleIsToldWithItsSeed() {
        assertThatThrownBy(() -> Property.holds(
                        500,
                        PropertyTest::numbers,
                        numbers -> assertThat(numbers).doesNotContain(7)))
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching("(?s)seed [0-9]+, size 1: \\[7].*");
    }

    @Test
    void everyRunTriesTheSameCases() {
        var first = new ArrayList<List<Integer>>();
        var second = new ArrayList<List<Integer>>();
        Property.holds(50, PropertyTest::numbers, first::add);

        assertThatCode(() -> Property.holds(50, PropertyTest::numbers, second::add))
                .doesNotThrowAnyException();

        assertThat(second).isEqualTo(first);
        assertThat(first).anyMatch(list -> list.size() > 20);
    }

    private static List<Integer> numbers(Chance chance) {
        return chance.list(1, 100, i -> chance.between(0, 100));
    }
}
