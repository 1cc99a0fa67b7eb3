package io.tickstorm.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.listener.KeepAliveSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeepAliveConfigTest {
    private static ConfigResult read(String keepAlive) {
        return ProxyConfig.read("""
                        listeners:
                          - {name: a, port: 0, backend: web, keepAlive: {%s}}
                        backends:
                          - {name: web, discovery: {static: []}}
                        """.formatted(keepAlive), "proxy.yaml");
    }

    private static KeepAliveSettings valid(String keepAlive) {
        return ((ConfigResult.Valid) read(keepAlive))
                .config()
                .listeners()
                .getFirst()
                .keepAlive();
    }

    @Test
    void aPeerIsGivenUpAfterItsLastProbe() {
        var settings = valid("idle: 30s, interval: 5s, count: 3");

        assertThat(settings).isEqualTo(new KeepAliveSettings(Duration.ofSeconds(30), Duration.ofSeconds(5), 3));
        assertThat(settings.giveUp()).isEqualTo(Duration.ofSeconds(45));
        assertThat(valid("").giveUp()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void noIdleTimeIsNoProbes() {
        assertThat(valid("idle: 0s").enabled()).isFalse();
        assertThat(valid("").enabled()).isTrue();
    }

    @Test
    void theKernelCountsSeconds() {
        assertThat(((ConfigResult.Invalid) read("idle: 1500ms, interval: 0s, count: 128")).messages())
                .containsExactlyInAnyOrder(
                        "proxy.yaml:2: listeners[0].keepAlive.idle: 1s500ms (expected: whole seconds)",
                        "proxy.yaml:2: listeners[0].keepAlive.interval: 0s (expected: 1s..2h)",
                        "proxy.yaml:2: listeners[0].keepAlive.count: 128 (expected: 1..127)");
    }
}
