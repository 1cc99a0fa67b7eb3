package io.tickstorm.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "5s, PT5S",
        "0s, PT0S",
        "250ms, PT0.25S",
        "1m30s, PT1M30S",
        "1h, PT1H",
        "2h45m10s5ms, PT2H45M10.005S",
        "90s, PT1M30S",
        "00005s, PT5S",
        "99999h, PT99999H"
    })
    void readsGatewayApiDurations(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "s",
                "5 s",
                "-5s",
                "+5s",
                "1.5s",
                "5S",
                "5d",
                "100000s",
                "1s1s1s1s1s",
                "PT5S",
                "5s\n",
                "5us"
            })
    void refusesEverythingElse(String text) {
        assertThat(Durations.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0s", "PT90S, 1m30s", "PT0.005S, 5ms", "PT25H, 25h", "PT1H0.001S, 1h1ms"})
    void writesWhatItReads(Duration duration, String expected) {
        assertThat(Durations.format(duration)).isEqualTo(expected);
        assertThat(Durations.parse(expected)).isEqualTo(duration);
    }

    @Test
    void refusesToWriteWhatCannotBeRead() {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.format(Duration.ofNanos(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.format(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.format(Duration.ofHours(100_000)));
    }
}
