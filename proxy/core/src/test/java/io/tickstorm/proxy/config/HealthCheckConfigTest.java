package io.tickstorm.proxy.config;

import static io.tickstorm.proxy.config.Readings.problems;
import static io.tickstorm.proxy.config.Readings.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.health.Probe;
import io.tickstorm.proxy.settings.ByteText;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is read of active checks. */
class HealthCheckConfigTest {
    @Test
    void oneStatusMayBeExpectedAsANumber() {
        var config = valid("""
                listeners: [{name: http, port: 0, backend: web}]
                backends: [{name: web, discovery: {static: []}, healthCheck: {expectedStatus: 204}}]
                """);

        var check = config.backends().getFirst().settings().healthCheck();
        assertThat(check).isNotNull();
        assertThat(check.probe()).isEqualTo(new Probe.Http("/ready", new Probe.StatusRange(204, 204)));
    }

    @Test
    void aCheckMayTalk() {
        var config = valid("""
                listeners: [{name: http, port: 0, backend: web}]
                backends:
                  - name: web
                    discovery: {static: []}
                    healthCheck: {type: TCP, send: 'GET /ping\\r\\n', expect: pong, interval: 500ms}
                  - name: rpc
                    discovery: {static: []}
                    healthCheck: {type: GRPC, service: tickstorm.v1.Ticks}
                """);

        var web = config.backends().getFirst().settings().healthCheck();
        assertThat(web)
                .isEqualTo(new HealthCheckSettings(
                        new Probe.Tcp(new ByteText("GET /ping\r\n"), new ByteText("pong")),
                        0,
                        Duration.ofMillis(500),
                        Duration.ofMillis(500),
                        Duration.ofMillis(500),
                        2,
                        2));
        var rpc = config.backends().getLast().settings().healthCheck();
        assertThat(rpc)
                .isNotNull()
                .extracting(HealthCheckSettings::probe)
                .isEqualTo(new Probe.Grpc("tickstorm.v1.Ticks"));
    }

    @Test
    void aCheckThatCannotPassIsToldWithItsLine() {
        assertThat(problems("""
                        listeners: [{name: http, port: 0, backend: web}]
                        backends:
                          - name: web
                            discovery: {static: []}
                            healthCheck: {type: TCP, send: ping, service: a, fastInterval: 4s}
                          - name: b
                            discovery: {static: []}
                            healthCheck: {type: GRPC, send: ping, service: a b, path: /}
                          - name: c
                            discovery: {static: []}
                            healthCheck: {type: TCP, expect: 'a\\q'}
                        """))
                .containsExactly(
                        "proxy.yaml:5: backends[0].healthCheck.service: a TCP check has no service (expected: nothing, or"
                                + " type: GRPC)",
                        "proxy.yaml:5: backends[0].healthCheck.send: \"ping\" without an answer to look for (expected: expect,"
                                + " too)",
                        "proxy.yaml:5: backends[0].healthCheck.fastInterval: 4s (expected: at most the interval, 3s)",
                        "proxy.yaml:8: backends[1].healthCheck.path: a GRPC check has no path (expected: nothing, or type:"
                                + " HTTP)",
                        "proxy.yaml:8: backends[1].healthCheck.send: a GRPC check has no text to send (expected: nothing, or"
                                + " type: TCP)",
                        "proxy.yaml:8: backends[1].healthCheck.service: \"a b\" (expected: the name of a gRPC service, such as"
                                + " tickstorm.v1.Ticks)",
                        "proxy.yaml:11: backends[2].healthCheck.expect: \"a\\q\" (expected: a text of 1 to 256 bytes, in which"
                                + " \\r, \\n, \\t, \\0, \\\\ and \\xHH stand for bytes)");
    }
}
