package io.tickstorm.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.config.AccessLogSettings;
import io.tickstorm.proxy.config.BackendConfig;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.listener.BackendShare;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.settings.Yaml;
import java.util.List;
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
    void aPortThatSeveralServeIsSharedByTheirWeights() {
        var cluster = Samples.cluster("{loadBalancer: {limits: {requests: 5}}}");

        var tree = ProxyConfiguration.tree(
                cluster,
                port -> List.of(
                        Share.ofService(port, "demo-backend", "shop", port, 95),
                        Share.ofService(port + "-green", "demo-backend-green", "shop", port, 5)));

        var config = ((ConfigResult.Valid) ProxyConfig.read(Yaml.write(tree), "")).config();
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
