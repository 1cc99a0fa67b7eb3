package io.tickstorm.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ScalingSettingsTest {
    @Test
    void withoutVariablesTheDefaultsHold() {
        assertThat(ScalingSettings.of(Map.of("AUTOSCALING_CPU_TARGET", " ")))
                .isEqualTo(new ScalingSettings(true, 0.8, 0.3, 80_000, 70, 80));
    }

    @Test
    void everyVariableIsRead() {
        var settings = ScalingSettings.of(Map.of(
                "AUTOSCALING_ENABLED", "false",
                "AUTOSCALING_METRICS_PORT", "9090",
                "AUTOSCALING_SCALE_UP_THRESHOLD", ".9",
                "AUTOSCALING_SCALE_DOWN_THRESHOLD", "0.25",
                "AUTOSCALING_CONNECTIONS_PER_INSTANCE", "1000",
                "AUTOSCALING_CPU_TARGET", "60",
                "AUTOSCALING_MEMORY_TARGET", "50"));

        assertThat(settings).isEqualTo(new ScalingSettings(false, 0.9, 0.25, 1000, 60, 50));
    }

    @Test
    void allThatIsWrongIsNamedAtOnce() {
        assertThatThrownBy(() -> ScalingSettings.of(Map.of(
                        "AUTOSCALING_ENABLED", "yes",
                        "AUTOSCALING_METRICS_PORT", "0",
                        "AUTOSCALING_SCALE_UP_THRESHOLD", "80",
                        "AUTOSCALING_SCALE_DOWN_THRESHOLD", "NaN",
                        "AUTOSCALING_CONNECTIONS_PER_INSTANCE", "99999999999",
                        "AUTOSCALING_CPU_TARGET", "0",
                        "AUTOSCALING_MEMORY_TARGET", "80%")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("""
                        AUTOSCALING_ENABLED: yes (expected: true or false)
                        AUTOSCALING_SCALE_UP_THRESHOLD: 80 (expected: above 0, at most 1)
                        AUTOSCALING_SCALE_DOWN_THRESHOLD: NaN (expected: above 0, at most 1)
                        AUTOSCALING_CONNECTIONS_PER_INSTANCE: 99999999999 (expected: 1..100000000)
                        AUTOSCALING_CPU_TARGET: 0 (expected: 1..100)
                        AUTOSCALING_MEMORY_TARGET: 80% (expected: 1..100)
                        AUTOSCALING_METRICS_PORT: 0 (expected: 1..65535)""");
    }

    @Test
    void thresholdsThatCrossAreRefused() {
        assertThatThrownBy(() -> ScalingSettings.of(
                        Map.of("AUTOSCALING_SCALE_UP_THRESHOLD", "0.4", "AUTOSCALING_SCALE_DOWN_THRESHOLD", "0.4")))
                .hasMessage(
                        "AUTOSCALING_SCALE_DOWN_THRESHOLD: 0.4 (expected: below AUTOSCALING_SCALE_UP_THRESHOLD, 0.4)");
    }
}
