package io.tickstorm.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteTextTest {
    @Test
    void escapesStandForBytes() {
        assertThat(ByteText.parse("GET /ping\\r\\n\\t\\0\\\\\\x41\\xfF"))
                .isEqualTo(new ByteText("GET /ping\r\n\t\0\\A\u00ff"));
    }

    @Test
    void otherLettersStandForTheirBytesInUtf8() {
        assertThat(ByteText.parse("é")).isEqualTo(new ByteText("\u00c3\u00a9"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\", "a\\q", "\\x1", "\\xg0", "\\x"})
    void anythingElseAfterABackslashIsAMistake(String text) {
        assertThat(ByteText.parse(text)).isNull();
    }

    @Test
    void isWrittenInPrintableAsciiAsItIsRead() {
        var every = new ByteText(
                IntStream.range(0, 256).mapToObj(Character::toString).collect(Collectors.joining()));

        assertThat(every.toString()).matches("[ -~]+");
        assertThat(ByteText.parse(every.toString())).isEqualTo(every);
    }
}
