package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.DnsSettings;
import io.tickstorm.proxy.config.ProxyConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The Swarm stack and the configuration of its proxies fit together. */
class StackTest {
    private final Manifest stack =
            Manifest.all(Manifest.file("swarm/stack.yaml")).getFirst();
    private final ProxyConfig config = config(Manifest.file("swarm/proxy.yaml"));

    @Test
    void publishedPortsAreThoseOfListeners() {
        var targets = Manifest.list(stack.at("services.proxy.ports")).stream()
                .map(port -> Manifest.map(port).get("target"))
                .toList();

        assertThat(config.listeners())
                .extracting(listener -> (Object) listener.port())
                .containsExactlyElementsOf(targets);
    }

    @Test
    void proxiesFindTheTasksOfAServiceThatIsThere() {
        var services = Manifest.map(stack.at("services")).keySet();

        assertThat(config.backends()).allSatisfy(backend -> {
            assertThat(backend.discovery()).isInstanceOf(DnsSettings.class);
            var dns = (DnsSettings) backend.discovery();
            assertThat(services.stream().map(service -> "tasks." + service)).contains(dns.name());
            // a task that ends serves for its drain.delay, by default as long as ours
            assertThat(dns.maxTtl()).isLessThan(config.drain().delay());
        });
    }

    @Test
    void swarmWaitsLongerThanDrainingTakes() {
        var drain = config.drain().delay().plus(config.drain().timeout());

        for (var service : List.of("proxy", "backend")) {
            var grace = String.valueOf(stack.at("services." + service + ".stop_grace_period"));
            assertThat(Duration.parse("PT" + grace)).as(service).isGreaterThan(drain);
        }
    }

    @Test
    void theConfigurationIsWhereTheProxyLooks() {
        var command = Manifest.list(stack.at("services.proxy.command"));

        assertThat(command).isEqualTo(List.of("--config", stack.at("services.proxy.configs.0.target")));
        assertThat(stack.at("configs.proxy.file")).isEqualTo("proxy.yaml");
    }

    @Test
    void theImagesAreThoseOfThisRelease() {
        var release = Manifest.all(Manifest.file("helm/tickstorm/Chart.yaml"))
                .getFirst()
                .at("appVersion");

        for (var service :
                Map.of("proxy", "PROXY_IMAGE", "backend", "BACKEND_IMAGE").entrySet()) {
            assertThat(stack.at("services." + service.getKey() + ".image"))
                    .isEqualTo("${" + service.getValue() + ":-tickstorm/" + service.getKey() + ":" + release + "}");
        }
    }

    private static ProxyConfig config(String yaml) {
        return switch (ProxyConfig.read(yaml, "swarm/proxy.yaml")) {
            case ConfigResult.Valid valid -> valid.config();
            case ConfigResult.Invalid invalid -> throw new AssertionError(invalid.messages());
        };
    }
}
