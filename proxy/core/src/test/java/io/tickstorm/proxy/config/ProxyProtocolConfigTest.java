package io.tickstorm.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.ProxyProtocol;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.listener.ProxyProtocolSettings;
import io.tickstorm.proxy.listener.ProxyProtocolSettings.Untrusted;
import io.tickstorm.proxy.settings.AddressRange;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyProtocolConfigTest {
    private static ConfigResult read(String listener, String backend) {
        return ProxyConfig.read("""
                        listeners:
                          - {name: a, protocol: TCP, port: 0, backend: web%s}
                        backends:
                          - {name: web, discovery: {static: []}%s}
                        """.formatted(listener, backend), "proxy.yaml");
    }

    private static ProxyConfig valid(String listener, String backend) {
        return ((ConfigResult.Valid) read(listener, backend)).config();
    }

    private static List<String> problems(String listener, String backend) {
        return ((ConfigResult.Invalid) read(listener, backend)).messages();
    }

    @Test
    void bothSidesAreRead() {
        var config = valid(
                ", proxyProtocol: {trustedProxies: [10.0.0.0/8, \"::1\"], timeout: 2s, untrusted: SERVE}",
                ", proxyProtocol: V2");

        var listener = config.listeners().getFirst().proxyProtocol();
        assertThat(listener)
                .isEqualTo(new ProxyProtocolSettings(
                        List.of(
                                new AddressRange(InetAddress.ofLiteral("10.0.0.0"), 8),
                                new AddressRange(InetAddress.ofLiteral("::1"), 128)),
                        Duration.ofSeconds(2),
                        Untrusted.SERVE));
        assertThat(listener.trusts(InetAddress.ofLiteral("10.1.2.3"))).isTrue();
        assertThat(listener.trusts(InetAddress.ofLiteral("11.1.2.3"))).isFalse();
        assertThat(config.backends().getFirst().settings().proxyProtocol()).isEqualTo(ProxyProtocol.V2);
    }

    @Test
    void nothingIsSaidAndNobodyIsBelievedByDefault() {
        var config = valid("", "");

        assertThat(config.listeners().getFirst().proxyProtocol()).isNull();
        assertThat(config.backends().getFirst().settings().proxyProtocol()).isEqualTo(ProxyProtocol.NONE);
    }

    @Test
    void checksBeginAsTrafficDoesUnlessTheyHaveAPortOfTheirOwn() {
        assertThat(valid("", ", proxyProtocol: V1, healthCheck: {type: TCP}")
                        .backends()
                        .getFirst()
                        .settings()
                        .healthCheck())
                .isNotNull()
                .extracting(HealthCheckSettings::proxyProtocol)
                .isEqualTo(ProxyProtocol.V1);
        assertThat(valid("", ", proxyProtocol: V1, healthCheck: {type: TCP, port: 8081}")
                        .backends()
                        .getFirst()
                        .settings()
                        .healthCheck())
                .isNotNull()
                .extracting(HealthCheckSettings::proxyProtocol)
                .isEqualTo(ProxyProtocol.NONE);
    }

    @Test
    void whatCannotBeMeantIsTold() {
        assertThat(problems(", proxyProtocol: {timeout: 1ms}", ", proxyProtocol: V2, protocol: HTTP2"))
                .containsExactlyInAnyOrder(
                        "proxy.yaml:2: listeners[0].proxyProtocol.timeout: 1ms (expected: 100ms..1m)",
                        "proxy.yaml:2: listeners[0].proxyProtocol.trustedProxies: nobody (expected: at least one address"
                                + " range, such as 10.0.0.0/8)",
                        "proxy.yaml:4: backends[0].proxyProtocol: V2 beside protocol: HTTP2, whose connections carry"
                                + " requests of many clients (expected: NONE, or protocol: HTTP1)");
    }
}
