package io.tickstorm.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "512, 512",
        "64Ki, 65536",
        "1.5Mi, 1572864",
        "2G, 2000000000",
        "1k, 1000",
        "3Gi, 3221225472",
        "0.5Ki, 512"
    })
    void readsKubernetesQuantities(String text, long expected) {
        assertThat(Sizes.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Ki", "64 Ki", "-1", "64KB", "64ki", "0.3Ki", "1e3", "999999999999999Ti", "64Ki\n"})
    void refusesEverythingElse(String text) {
        assertThat(Sizes.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1000, 1000", "1024, 1Ki", "65536, 64Ki", "1048576, 1Mi", "1073741824, 1Gi", "1049600, 1025Ki"})
    void writesTheShortestExactForm(long bytes, String expected) {
        assertThat(Sizes.format(bytes)).isEqualTo(expected);
        assertThat(Sizes.parse(expected)).isEqualTo(bytes);
    }
}
