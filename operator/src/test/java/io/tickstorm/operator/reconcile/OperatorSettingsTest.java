package io.tickstorm.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OperatorSettingsTest {
    @Test
    void defaultsServeAPod() {
        var settings = settings(Map.of());

        assertThat(settings.probesPort()).isEqualTo(8081);
        assertThat(settings.metricsPort()).isEqualTo(9090);
        assertThat(settings.leaderElection()).isTrue();
        assertThat(settings.namespaces()).isEmpty();
    }

    @Test
    void portsComeFromTheEnvironment() {
        var settings = settings(Map.of("PROBES_PORT", "0", "METRICS_PORT", "9091"));

        assertThat(settings.probesPort()).isZero();
        assertThat(settings.metricsPort()).isEqualTo(9091);
    }

    @Test
    void portThatIsNoneIsNamedWithItsValue() {
        assertThatThrownBy(() -> settings(Map.of("PROBES_PORT", "65536")))
                .hasMessage("environment variable PROBES_PORT: 65536 (expected: 0..65535)");
        assertThatThrownBy(() -> settings(Map.of("METRICS_PORT", "http")))
                .hasMessage("environment variable METRICS_PORT: http (expected: 0..65535)");
    }

    @Test
    void namespacesAreSeparatedByCommasAndAStarIsAll() {
        assertThat(settings(Map.of("WATCH_NAMESPACE", "a, b,a")).namespaces()).containsExactly("a", "b");
        assertThat(settings(Map.of("WATCH_NAMESPACE", "a,*")).namespaces()).isEmpty();
    }

    private static OperatorSettings settings(Map<String, String> more) {
        var environment =
                new HashMap<>(Map.of("PROXY_IMAGE", "tickstorm/proxy:1", "BACKEND_IMAGE", "tickstorm/backend:1"));
        environment.putAll(more);
        return OperatorSettings.from(environment, "me");
    }
}
