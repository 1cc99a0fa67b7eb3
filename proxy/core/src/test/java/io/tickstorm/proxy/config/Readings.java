package io.tickstorm.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What the reader makes of a text that it is given as proxy.yaml. */
final class Readings {
    private Readings() {}

    static ProxyConfig valid(String yaml) {
        var result = ProxyConfig.read(yaml, "proxy.yaml");
        assertThat(result).as(result.toString()).isInstanceOf(ConfigResult.Valid.class);
        return ((ConfigResult.Valid) result).config();
    }

    static List<String> problems(String yaml) {
        var result = ProxyConfig.read(yaml, "proxy.yaml");
        assertThat(result).isInstanceOf(ConfigResult.Invalid.class);
        return ((ConfigResult.Invalid) result).messages();
    }
}
