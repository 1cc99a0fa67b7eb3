package io.tickstorm.operator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleTest {
    @Test
    void aNumberMayHaveNoLabels() {
        assertThat(Sample.read("tick_storm_draining 1.0")).isEqualTo(new Sample("tick_storm_draining", Map.of(), 1));
    }

    @Test
    void labelsMayHoldWhatSeparatesThem() {
        assertThat(Sample.read("a{one=\"x,y} z\",two=\"a \\\"b\\\" \\\\ \\n\",} 2"))
                .isEqualTo(new Sample("a", Map.of("one", "x,y} z", "two", "a \"b\" \\ \n"), 2));
    }

    @Test
    void aTimeAndAnExemplarBehindTheNumberAreLeftOut() {
        assertThat(Sample.read("a_bucket{le=\"+Inf\"} 17 1750000000 # {id=\"x\"} 0.5")
                        .value())
                .isEqualTo(17);
    }

    @Test
    void infinityIsANumber() {
        assertThat(Sample.number("+Inf")).isInfinite().isPositive();
        assertThat(Sample.number("-Inf")).isInfinite().isNegative();
        assertThat(Sample.number("NaN")).isNaN();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a{", "a{b", "a{b=c} 1", "a{b=\"c} 1", "a{b=\"c\"}", "a one", "a{b=\"c\\"})
    void aLineThatIsNoneIsNamed(String line) {
        assertThatThrownBy(() -> Sample.read(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(line)
                .hasMessageContaining("expected at character");
    }
}
