package io.tickstorm.proxy.config;

import static io.tickstorm.proxy.config.Readings.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.admission.DrainSettings;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.LimitSettings;
import io.tickstorm.proxy.backend.StickinessSettings;
import io.tickstorm.proxy.backend.UpstreamProtocol;
import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.IpFamily;
import io.tickstorm.proxy.endpoint.ProxyProtocol;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.health.Probe;
import io.tickstorm.proxy.listener.BackendShare;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.listener.Protocol;
import io.tickstorm.proxy.retry.RetrySettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyConfigTest {
    @Test
    void theShortestConfigurationHasDefaultsForAllElse() {
        var config = valid("""
                listeners:
                  - {name: http, port: 8080, backend: web}
                  - {name: ticks, protocol: TCP, port: 9000, backend: web}
                backends:
                  - name: web
                    discovery: {static: ["10.0.0.1:8000"]}
                """);

        assertThat(config)
                .isEqualTo(new ProxyConfig(
                        List.of(
                                new ListenerSettings("http", "0.0.0.0", 8080, "web", ListenerLimits.Http.DEFAULT),
                                new ListenerSettings("ticks", "0.0.0.0", 9000, "web", ListenerLimits.Tcp.DEFAULT)),
                        List.of(new BackendConfig(
                                "web",
                                new DiscoverySettings.Static(List.of(StaticEndpoint.of("10.0.0.1", 8000))),
                                BackendSettings.DEFAULT)),
                        DrainSettings.DEFAULT,
                        new Bind("0.0.0.0", 8081),
                        new AdminSettings(new Bind("127.0.0.1", 8404), null),
                        new MetricsSettings(new Bind("0.0.0.0", 9090), false),
                        new AccessLogSettings(AccessLogSettings.Requests.FAILED, ""),
                        null,
                        0));
        assertThat(config.listeners())
                .extracting(ListenerSettings::protocol)
                .containsExactly(Protocol.HTTP, Protocol.TCP);
    }

    @Test
    void everySettingIsRead() {
        var config = valid("""
                listeners:
                  - name: http
                    protocol: HTTP
                    address: 127.0.0.1
                    port: 0
                    backend: web
                    maxConnections: 10
                    idleTimeout: 1s
                    connectTimeout: 2s
                    headerTimeout: 3s
                    requestTimeout: 4s
                    responseTimeout: 5s
                    maxHeaderSize: 64Ki
                  - {name: tcp, protocol: TCP, port: 0, backend: ticks, maxConnections: 9, idleTimeout: 0s, connectTimeout: 7ms}
                backends:
                  - name: web
                    discovery:
                      static:
                        - "[::1]:8000"
                        - {address: host.example, port: 8000, name: b, weight: 7, zone: z}
                    protocol: HTTP2
                    balancing: {policy: RoundRobin}
                    healthCheck:
                      {type: HTTP, path: /up, port: 8081, expectedStatus: 200-204, interval: 4s, fastInterval: 500ms, timeout: 1s, rise: 3, fall: 5}
                    retries:
                      attempts: 1
                      perTryTimeout: 2s
                      statuses: [503, 599]
                      idempotencyKey: true
                      backoff: {base: 1ms, max: 3s}
                      budget: {percent: 50, minimum: 9}
                      bodyLimit: 1Mi
                    circuitBreaker: {consecutiveFailures: 9, openFor: 1s, maxOpenFor: 2s}
                    outlierEjection:
                      {interval: 5s, minimumRequests: 7, failurePercent: 11, baseTime: 3s, maxTime: 9s, maxPercent: 40, silence: 2s}
                    limits: {requests: 5, connections: 6, queue: {size: 7, timeout: 8s}}
                    stickiness:
                      {type: Cookie, name: c, secretFile: keys/secret, maxAge: 1h, secure: false, sameSite: Strict}
                  - {name: ticks, discovery: {kubernetes: {service: s, namespace: n, port: p, ipFamily: IPv6}}, healthCheck: {type: TCP}}
                  - {name: filed, discovery: {file: {path: endpoints.yaml, port: tcp}}}
                  - name: named
                    discovery:
                      dns:
                        {name: tasks.web., port: 8000, family: PreferIPv6, resolvers: [10.96.0.10, "::1", "[::1]:5353"], minTtl: 2s, maxTtl: 3s}
                  - {name: services, discovery: {dns: {name: _http._tcp.web.example, type: SRV}}}
                drain: {delay: 1s, timeout: 2s}
                health: {address: "::", port: 1}
                admin: {address: 127.0.0.2, port: 3, tokenFile: admin/token}
                metrics: {address: 127.0.0.1, port: 2, exemplars: true}
                accessLog: {requests: All, path: access.json}
                zone: north
                workers: 3
                """);

        var status = new Probe.StatusRange(200, 204);
        var web = new BackendSettings(
                new BalancingSettings(BalancingSettings.Kind.ROUND_ROBIN),
                new HealthCheckSettings(
                        new Probe.Http("/up", status), 8081, seconds(4), Duration.ofMillis(500), seconds(1), 3, 5),
                new RetrySettings(
                        1,
                        seconds(2),
                        List.of(503, 599),
                        true,
                        new RetrySettings.Backoff(Duration.ofMillis(1), seconds(3)),
                        new RetrySettings.Budget(50, 9),
                        1 << 20),
                new CircuitBreakerSettings(9, seconds(1), seconds(2)),
                new OutlierEjectionSettings(seconds(5), 7, 11, seconds(3), seconds(9), 40, seconds(2)),
                new LimitSettings(5, 6, new LimitSettings.Queue(7, seconds(8))),
                new StickinessSettings.Cookie(
                        "c", "keys/secret", Duration.ofHours(1), false, StickinessSettings.SameSite.STRICT),
                UpstreamProtocol.HTTP2,
                null,
                ProxyProtocol.NONE);
        assertThat(config.listeners())
                .containsExactly(
                        new ListenerSettings(
                                "http",
                                "127.0.0.1",
                                0,
                                "web",
                                new ListenerLimits.Http(
                                        10, seconds(1), seconds(2), seconds(3), seconds(4), seconds(5), 65536)),
                        new ListenerSettings(
                                "tcp",
                                "0.0.0.0",
                                0,
                                "ticks",
                                new ListenerLimits.Tcp(9, Duration.ZERO, Duration.ofMillis(7))));
        assertThat(config.backends().get(0))
                .isEqualTo(new BackendConfig(
                        "web",
                        new DiscoverySettings.Static(List.of(
                                StaticEndpoint.of("::1", 8000), new StaticEndpoint("host.example", 8000, "b", 7, "z"))),
                        web));
        assertThat(config.backends().get(1).discovery())
                .isEqualTo(new DiscoverySettings.Kubernetes("s", "n", "p", IpFamily.IPV6));
        assertThat(config.backends().get(1).settings().healthCheck())
                .isNotNull()
                .extracting(HealthCheckSettings::probe)
                .isEqualTo(Probe.Tcp.CONNECTION);
        assertThat(config.backends().get(2).discovery()).isEqualTo(new DiscoverySettings.File("endpoints.yaml", "tcp"));
        assertThat(config.backends().get(3).discovery())
                .isEqualTo(new DnsSettings(
                        "tasks.web.",
                        DnsSettings.Type.ADDRESS,
                        8000,
                        IpFamily.PREFER_IPV6,
                        List.of(
                                new InetSocketAddress("10.96.0.10", 53),
                                new InetSocketAddress("::1", 53),
                                new InetSocketAddress("::1", 5353)),
                        seconds(2),
                        seconds(3)));
        assertThat(config.backends().get(4).discovery())
                .isEqualTo(new DnsSettings(
                        "_http._tcp.web.example",
                        DnsSettings.Type.SRV,
                        0,
                        IpFamily.PREFER_IPV4,
                        List.of(),
                        seconds(1),
                        seconds(30)));
        assertThat(config.drain()).isEqualTo(new DrainSettings(seconds(1), seconds(2)));
        assertThat(config.health()).isEqualTo(new Bind("::", 1));
        assertThat(config.admin()).isEqualTo(new AdminSettings(new Bind("127.0.0.2", 3), "admin/token"));
        assertThat(config.metrics()).isEqualTo(new MetricsSettings(new Bind("127.0.0.1", 2), true));
        assertThat(config.accessLog()).isEqualTo(new AccessLogSettings(AccessLogSettings.Requests.ALL, "access.json"));
        assertThat(config.zone()).isEqualTo("north");
        assertThat(config.workers()).isEqualTo(3);
    }

    @Test
    void severalBackendsMayShareAListener() {
        var config = valid("""
                listeners:
                  - {name: http, port: 0, backends: [{name: stable, weight: 90}, {name: canary, weight: 10}, {name: off, weight: 0}, {name: spare, standby: true}]}
                  - {name: one, port: 0, backends: [{name: stable}]}
                backends:
                  - {name: stable, discovery: {static: []}}
                  - {name: canary, discovery: {static: []}}
                  - {name: off, discovery: {static: []}}
                  - {name: spare, discovery: {static: []}}
                """);

        assertThat(config.listeners().getFirst().backends())
                .containsExactly(
                        new BackendShare("stable", 90),
                        new BackendShare("canary", 10),
                        new BackendShare("off", 0),
                        new BackendShare("spare", 1, true));
        assertThat(config.listeners().getLast().backends()).containsExactly(new BackendShare("stable", 1));
    }

    @Test
    void aStaticEndpointIsItsAddressAndActive() {
        assertThat(StaticEndpoint.of("::1", 80).endpoint())
                .isEqualTo(Endpoint.active(new EndpointId("", "::1", 80), "[::1]:80"));
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
