package io.tickstorm.proxy.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.settings.Yaml;
import org.junit.jupiter.api.Test;

class OutlierEjectionSettingsTest {
    @Test
    void nothingIsTheDefault() {
        var section = Yaml.read("{}", "test");

        assertThat(OutlierEjectionSettings.read(section)).isEqualTo(OutlierEjectionSettings.DEFAULT);
        assertThat(section.problems().messages()).isEmpty();
    }

    @Test
    void zeroTurnsEachHalfOff() {
        var section = Yaml.read("{interval: 0s, silence: 0s}", "test");

        assertThat(OutlierEjectionSettings.read(section)).isEqualTo(OutlierEjectionSettings.OFF);
        assertThat(section.problems().messages()).isEmpty();
    }

    @Test
    void whatMakesNoSenseIsToldWithWhatWould() {
        var section = Yaml.read(
                "{interval: 50ms, silence: 99ms, baseTime: 10m, maxPercent: 101, minimumRequests: 0}", "test");

        OutlierEjectionSettings.read(section);

        assertThat(section.problems().messages())
                .containsExactlyInAnyOrder(
                        "test:1: interval: 50ms (expected: 0s, or at least 100ms)",
                        "test:1: silence: 99ms (expected: 0s, or at least 100ms)",
                        "test:1: maxTime: 5m (expected: at least baseTime, 10m)",
                        "test:1: maxPercent: 101 (expected: 0..100)",
                        "test:1: minimumRequests: 0 (expected: 1..1000000)");
    }
}
