package io.tickstorm.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.StickinessSettings;
import io.tickstorm.proxy.backend.UpstreamTlsSettings;
import io.tickstorm.proxy.config.AccessLogSettings;
import io.tickstorm.proxy.config.BackendConfig;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.DiscoverySettings;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.endpoint.IpFamily;
import io.tickstorm.proxy.listener.BackendShare;
import io.tickstorm.proxy.listener.CertificateFiles;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.listener.RouteSettings;
import io.tickstorm.proxy.settings.Yaml;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said in the resource is what the proxy hears. */
class ProxyConfigurationTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{retries: {attempts: 1, perTryTimeout: 2s, statuses: [500], idempotencyKey: true}}",
                "{retries: {statuses: [], backoff: {base: 1ms, max: 2ms}, budget: {percent: 1, minimum: 2}}}",
                "{outlierEjection: {interval: 1s, minimumRequests: 2, failurePercent: 3, baseTime: 4s}}",
                "{outlierEjection: {maxTime: 11s, maxPercent: 6, silence: 0s}}",
                "{limits: {requests: 1, connections: 2, queue: {size: 3, timeout: 4s}}}",
                "{stickiness: {type: SourceIp, timeout: 1m, size: 16}}",
                "{healthCheck: {type: GRPC, service: tickstorm.v1.Ticks, interval: 2s, fastInterval: 500ms}}",
                "{healthCheck: {type: TCP, send: 'PING\\r\\n', expect: +PONG}}",
                "{balancing: {policy: ConsistentHash, hash: {by: Header, name: x-user, balanceFactor: 200}}}",
                "{balancing: {slowStart: {window: 1s, minimum: 1}, panicThreshold: 1, zoneHints: false}}",
                "{circuitBreaker: {consecutiveFailures: 1, openFor: 2s, maxOpenFor: 3s}}"
            })
    void theWordsForBackendsArriveAsTheyAre(String words) {
        var arrived = configuration(words).backends().getFirst().settings();

        assertThat(arrived)
                .isEqualTo(BackendSettings.read(Yaml.read(words, "")))
                .isNotEqualTo(BackendSettings.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "protocol: HTTP, maxConnectionRate: 1, maxConnectionBurst: 2, clients: {requestRate: 3, requestBurst: 4}",
                "protocol: TCP, clients: {connectionRate: 1, connectionBurst: 2, messageRate: 3, messageBurst: 4}",
                "protocol: TCP, clients: {connections: 1, tracked: 64, exempt: [10.0.0.0/8, 'fd00::/8']}"
            })
    void theWordsForListenersArriveAsTheyAre(String words) {
        var listener = "{name: http, port: 80, " + words;

        var arrived =
                configuration("{listeners: [" + listener + "}]}").listeners().getFirst();

        assertThat(arrived).isEqualTo(ListenerSettings.read(Yaml.read(listener + ", backend: http}", "")));
    }

    @Test
    void theAccessLogHasWhatIsAskedFor() {
        assertThat(configuration("{accessLog: {requests: All}}").accessLog().requests())
                .isEqualTo(AccessLogSettings.Requests.ALL);
    }

    @Test
    void aCertificateIsNamedByItsSecretAndReadFromItsFile() {
        var cluster = Samples.cluster(
                "{loadBalancer: {listeners: [{name: http, port: 443, tls: {certificates: [{secret: shop}],"
                        + " clientAuthentication: OPTIONAL, clientCaSecret: {name: people, key: ca.pem}}}], tls: {caSecret: {name: inside}, serverName: shop,"
                        + " certificateSecret: us}, stickiness: {type: Cookie, secret: {name: keys}}, admin: {tokenSecret: {name: keys}}}}");

        var config = configuration(cluster);

        var tls = Objects.requireNonNull(config.listeners().getFirst().tls());
        var folder = "/etc/tickstorm-secrets/";
        assertThat(tls.certificates())
                .containsExactly(new CertificateFiles(folder + "shop/tls.crt", folder + "shop/tls.key"));
        assertThat(tls.clientCaFile()).isEqualTo(folder + "people/ca.pem");
        var settings = config.backends().getFirst().settings();
        assertThat(settings.tls())
                .isEqualTo(new UpstreamTlsSettings(
                        folder + "inside/ca.crt",
                        "shop",
                        true,
                        new CertificateFiles(folder + "us/tls.crt", folder + "us/tls.key")));
        assertThat(settings.stickiness())
                .isInstanceOfSatisfying(
                        StickinessSettings.Cookie.class,
                        cookie -> assertThat(cookie.secretFile()).isEqualTo(folder + "keys/secret"));
        assertThat(config.admin().tokenFile()).isEqualTo(folder + "keys/token");
        assertThat(ProxyConfiguration.secrets(cluster))
                .isEqualTo(new TreeMap<>(Map.of(
                        "inside", new TreeSet<>(Set.of("ca.crt")),
                        "keys", new TreeSet<>(Set.of("secret", "token")),
                        "people", new TreeSet<>(Set.of("ca.pem")),
                        "shop", new TreeSet<>(Set.of("tls.crt", "tls.key")),
                        "us", new TreeSet<>(Set.of("tls.crt", "tls.key")))));
    }

    @Test
    void aPortHasWhatIsSaidOfItAndOfAllElseWhatIsSaidOfAll() {
        var config = configuration("{retries: {attempts: 1}, limits: {requests: 7},"
                + " backends: [{name: tcp, retries: {bodyLimit: 1Ki}, healthCheck: {type: TCP}}]}");

        assertThat(config.backends()).extracting(BackendConfig::name).containsExactly("http", "tcp");
        var http = config.backends().getFirst().settings();
        var tcp = config.backends().getLast().settings();
        assertThat(http.retries().attempts()).isEqualTo(1);
        assertThat(http.healthCheck()).isNull();
        assertThat(tcp.retries().attempts()).isEqualTo(2);
        assertThat(tcp.healthCheck()).isNotNull();
        assertThat(tcp.limits()).isEqualTo(http.limits());
    }

    @Test
    void aFurtherBackendHasADiscoveryOfItsOwnAndTheProxysDefaults() {
        var config = configuration("{retries: {attempts: 1}, listeners: [{name: http, port: 80, routes:"
                + " [{pathPrefix: /old, backend: legacy}, {pathPrefix: /, backends: [{name: http, weight: 3}, {name: legacy}]}]}],"
                + " backends: [{name: legacy, discovery: {kubernetes: {service: legacy, port: web}}}]}");

        assertThat(config.backends()).extracting(BackendConfig::name).containsExactly("http", "legacy");
        assertThat(config.backends().getLast().settings()).isEqualTo(BackendSettings.DEFAULT);
        assertThat(config.backends().getLast().discovery())
                .isEqualTo(new DiscoverySettings.Kubernetes("legacy", null, "web", IpFamily.PREFER_IPV4));
        var listener = config.listeners().getFirst();
        assertThat(listener.backends()).isEmpty();
        assertThat(listener.routes())
                .extracting(RouteSettings::backends)
                .containsExactly(
                        List.of(new BackendShare("legacy", 1)),
                        List.of(new BackendShare("http", 3), new BackendShare("legacy", 1)));
    }

    @Test
    void weightsOfTheUserAndOfVersionsMultiply() {
        var cluster = Samples.cluster("{loadBalancer: {listeners: [{name: http, port: 80, backends:"
                + " [{name: http, weight: 90}, {name: legacy, weight: 10}]}],"
                + " backends: [{name: legacy, discovery: {static: [{address: 10.0.0.1, port: 80}]}}]}}");

        var config = read(ProxyConfiguration.tree(cluster, ProxyConfigurationTest::twoVersions));

        // 90 % are 85.5 % and 4.5 %
        assertThat(config.listeners().getFirst().backends())
                .containsExactly(
                        new BackendShare("http", 171),
                        new BackendShare("http-green", 9),
                        new BackendShare("legacy", 20));
    }

    @Test
    void allVersionsOfAPortThatStandsByStandBy() {
        var cluster = Samples.cluster("{loadBalancer: {listeners: [{name: http, port: 80, backends:"
                + " [{name: tcp}, {name: http, standby: true}]}]}}");

        var config = read(ProxyConfiguration.tree(cluster, ProxyConfigurationTest::twoVersions));

        assertThat(config.listeners().getFirst().backends())
                .containsExactly(
                        new BackendShare("tcp", 19),
                        new BackendShare("tcp-green", 1),
                        new BackendShare("http", 19, true),
                        new BackendShare("http-green", 1, true));
    }

    @Test
    void weightsThatAreTooLargeTogetherAreRoundedAndNoneToNothing() {
        var cluster = Samples.cluster("{loadBalancer: {listeners: [{name: http, port: 80, backends:"
                + " [{name: http, weight: 1000000}, {name: tcp, weight: 1}, {name: health, weight: 0}]}]}}");

        var config = read(ProxyConfiguration.tree(cluster, ProxyConfigurationTest::twoVersions));

        assertThat(config.listeners().getFirst().backends())
                .containsExactly(
                        new BackendShare("http", 1_000_000),
                        new BackendShare("http-green", 52_631),
                        new BackendShare("tcp", 1),
                        new BackendShare("tcp-green", 1),
                        new BackendShare("health", 0),
                        new BackendShare("health-green", 0));
    }

    @Test
    void aRouteIsSharedByVersionsAsWell() {
        var cluster = Samples.cluster(
                "{loadBalancer: {listeners: [{name: http, port: 80, routes: [{pathPrefix: /api, backend: http}]}]}}");

        var config = read(ProxyConfiguration.tree(cluster, ProxyConfigurationTest::twoVersions));

        assertThat(config.listeners().getFirst().routes().getFirst().backends())
                .containsExactly(new BackendShare("http", 95), new BackendShare("http-green", 5));
    }

    @Test
    void aProxyIsToldOfItself() {
        var config = configuration("{workers: 3, metrics: {exemplars: true}, drain: {delay: 1s, timeout: 2s}}");

        assertThat(config.workers()).isEqualTo(3);
        assertThat(config.metrics().exemplars()).isTrue();
        assertThat(config.metrics().bind().port()).isEqualTo(9090);
        assertThat(config.drain().total()).isEqualTo(Duration.ofSeconds(3));
    }

    private static List<Share> twoVersions(String port) {
        return List.of(
                Share.ofService(port, "demo-backend", "shop", port, 95),
                Share.ofService(port + "-green", "demo-backend-green", "shop", port, 5));
    }

    private static ProxyConfig read(Map<String, Object> tree) {
        return ((ConfigResult.Valid) ProxyConfig.read(Yaml.write(tree), "")).config();
    }

    private static ProxyConfig configuration(TickStormCluster cluster) {
        return read(ProxyConfiguration.tree(cluster, Translation::anywhere));
    }

    @Test
    void aPortThatSeveralServeIsSharedByTheirWeights() {
        var cluster = Samples.cluster("{loadBalancer: {limits: {requests: 5}}}");

        var config = read(ProxyConfiguration.tree(cluster, ProxyConfigurationTest::twoVersions));

        assertThat(config.listeners().getFirst().backends())
                .containsExactly(new BackendShare("http", 95), new BackendShare("http-green", 5));
        assertThat(config.backends())
                .extracting(BackendConfig::name)
                .containsExactly("http", "http-green", "tcp", "tcp-green");
        assertThat(config.backends())
                .allSatisfy(backend ->
                        assertThat(backend.settings().limits().requests()).isEqualTo(5));
    }

    private static ProxyConfig configuration(String loadBalancer) {
        var cluster = Samples.cluster("{loadBalancer: " + loadBalancer + "}");
        var text = ProxyConfiguration.forKubernetes(cluster, Tracks.of(cluster, Samples.DEFAULTS));
        return ((ConfigResult.Valid) ProxyConfig.read(text, "")).config();
    }
}
