package io.tickstorm.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntaxTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "0.0.0.0",
                "255.255.255.255",
                "::",
                "::1",
                "fd00::12:3",
                "fe80::1",
                "localhost",
                "web.default.svc.cluster.local",
                "a",
                "xn--bcher-kva.example",
                "4.example"
            })
    void acceptsAddressesAndHostNames(String text) {
        assertThat(Syntax.host().parse().apply(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0",
                "10.0.0.256",
                "1.2.3.4.5",
                "10.0.0.1:80",
                "[::1]",
                ":::",
                "fd00::g",
                "-a",
                "a-",
                "a..b",
                "a b",
                "a_b",
                "http://a",
                "a.",
                "127.1",
                "1234"
            })
    void refusesWhatIsNeither(String text) {
        assertThat(Syntax.host().parse().apply(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Web", "a.b", "a_b", "ä", "a b"})
    void namesAreLowerCaseWords(String text) {
        assertThat(Syntax.name().parse().apply(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a", "a-", "A", ""})
    void labelsBeginAndEndWithALetterOrDigit(String text) {
        assertThat(Syntax.label().parse().apply(text)).isNull();
    }
}
