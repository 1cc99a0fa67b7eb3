package io.tickstorm.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfigHashTest {
    @Test
    void itIsTheBeginningOfTheSha256OfTheText() {
        assertThat(ConfigHash.of("listeners: []\n")).isEqualTo("84ce1e5cb983eb30");
        assertThat(ConfigHash.of("ä")).isEqualTo("33e6d73fee82904c");
    }
}
