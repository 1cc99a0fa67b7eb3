package io.tickstorm.operator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Over real connections. */
class HttpTelemetryTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String METRICS = """
            # HELP tick_storm_active_connections Connections that are open, on all listeners
            # TYPE tick_storm_active_connections gauge
            tick_storm_active_connections 12.0
            tick_storm_configuration_info{hash="0123456789abcdef"} 1
            tick_storm_configuration_refused 1.0
            tick_storm_configuration_problem{problem="proxy.yaml:3: port: \\"x\\" (expected: 0..65535)"} 1.0
            process_start_time_seconds 1.763726E9
            jvm_memory_used_bytes{area="heap",id="odd { name"} 1.0E7
            tick_storm_upstream_in_flight{backend="web",upstream="web-0"} 3.0
            tick_storm_upstream_connections{backend="web",upstream="web-0"} 5.0
            tick_storm_upstream_requests_total{backend="web",upstream="web-0"} 1.2E7
            tick_storm_upstream_failures_total{backend="web",upstream="web-0"} 2.0
            tick_storm_upstream_latency_seconds_bucket{backend="web",upstream="web-0",le="5.0E-4"} 1
            tick_storm_upstream_latency_seconds_bucket{backend="web",upstream="web-0",le="0.001"} 4
            tick_storm_upstream_latency_seconds_bucket{backend="web",upstream="web-0",le="+Inf"} 5
            """;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (var each : open) {
            each.close();
        }
    }

    @Test
    void itReadsWhatAProxySays() throws IOException {
        var proxy = proxy("demo-proxy-1", 200, METRICS);

        var fleet = telemetry(Duration.ofSeconds(20)).ask(List.of(proxy));

        var latencies = new Latencies(new TreeMap<>(Map.of(0.0005, 1L, 0.001, 3L, Double.POSITIVE_INFINITY, 1L)));
        assertThat(fleet)
                .isEqualTo(new FleetReport(
                        NOW,
                        List.of(new ProxyReport(
                                "demo-proxy-1",
                                "0123456789abcdef",
                                true,
                                Instant.ofEpochSecond(1_763_726_000),
                                12,
                                List.of(new UpstreamReport("web", "web-0", 3, 5, 12_000_000, 2, latencies)),
                                List.of("proxy.yaml:3: port: \"x\" (expected: 0..65535)"))),
                        List.of()));
    }

    @Test
    void whoDoesNotAnswerOrTalksNonsenseIsSilentAndKeepsNobodyElseFromBeingHeard() throws IOException {
        var mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        open.add(mute);
        var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        gone.close();

        var fleet = telemetry(Duration.ofMillis(500))
                .ask(List.of(
                        new ProxyAddress("mute", "127.0.0.1", mute.getLocalPort()),
                        new ProxyAddress("gone", "127.0.0.1", gone.getLocalPort()),
                        proxy("failing", 500, ""),
                        proxy("mad", 200, "tick_storm_active_connections{ 1"),
                        proxy("another", 200, "process_start_time_seconds 1.763726E9\n")));

        assertThat(fleet.proxies()).isEmpty();
        assertThat(fleet.silent()).containsExactly("mute", "gone", "failing", "mad", "another");
        assertThat(telemetry(Duration.ofSeconds(20))
                        .ask(List.of(
                                new ProxyAddress("gone", "127.0.0.1", gone.getLocalPort()), proxy("a", 200, METRICS)))
                        .proxies())
                .extracting(ProxyReport::pod)
                .containsExactly("a");
    }

    @Test
    void aProxyMayHaveAnAddressOfIpv6() throws IOException {
        var server = serve(InetAddress.getByName("::1"), 200, METRICS);

        assertThat(telemetry(Duration.ofSeconds(20))
                        .ask(List.of(
                                new ProxyAddress("a", "::1", server.getAddress().getPort())))
                        .silent())
                .isEmpty();
    }

    @Test
    void nobodyIsAskedWhereThereIsNobody() {
        assertThat(telemetry(Duration.ofSeconds(1)).ask(List.of()))
                .isEqualTo(new FleetReport(NOW, List.of(), List.of()));
    }

    private Telemetry telemetry(Duration timeout) {
        var telemetry = new HttpTelemetry(InstantSource.fixed(NOW), timeout);
        open.add(telemetry);
        return telemetry;
    }

    private ProxyAddress proxy(String pod, int status, String says) throws IOException {
        var server = serve(InetAddress.getLoopbackAddress(), status, says);
        return new ProxyAddress(pod, "127.0.0.1", server.getAddress().getPort());
    }

    private HttpServer serve(InetAddress address, int status, String says) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(address, 0), 0);
        server.createContext("/metrics", exchange -> {
            var bytes = says.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        open.add(() -> server.stop(0));
        return server;
    }
}
