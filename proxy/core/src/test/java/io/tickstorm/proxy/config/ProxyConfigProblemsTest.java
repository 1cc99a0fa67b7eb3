package io.tickstorm.proxy.config;

import static io.tickstorm.proxy.config.Readings.problems;
import static io.tickstorm.proxy.config.Readings.valid;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a configuration may not say, and how its problems are told. */
class ProxyConfigProblemsTest {
    @Test
    void aNameOfTheDnsNeedsAPortJustWhereItsRecordsHaveNone() {
        assertThat(problems("""
                        listeners: [{name: http, port: 0, backend: a}]
                        backends:
                          - {name: a, discovery: {dns: {name: "web..example", maxTtl: 100ms, resolvers: [dns.example]}}}
                          - {name: b, discovery: {dns: {name: web.example, type: SRV, port: 80}}}
                        """))
                .containsExactly(
                        "proxy.yaml:3: backends[0].discovery.dns.name: \"web..example\" (expected: a name of the DNS)",
                        "proxy.yaml:3: backends[0].discovery.dns.port: missing (expected: 1..65535)",
                        "proxy.yaml:3: backends[0].discovery.dns.resolvers[0]: \"dns.example\" (expected: an IP address, with"
                                + " or without a port, such as 10.96.0.10 or [::1]:5353)",
                        "proxy.yaml:3: backends[0].discovery.dns.maxTtl: 100ms (expected: 1s..24h)",
                        "proxy.yaml:4: backends[1].discovery.dns.port: given (expected: none, SRV records have it)");
    }

    @Test
    void sharesThatMakeNoSenseAreProblems() {
        assertThat(ProxyConfig.read("""
                        listeners:
                          - {name: a, port: 0, backend: web, backends: [{name: web, weight: 1}]}
                          - {name: b, port: 0, backends: [{name: web, weight: 0}, {name: gone, weight: 0}, {name: web, weight: 0}]}
                          - {name: c, port: 0, backends: [{name: web, weight: 1000001}]}
                          - {name: d, port: 0}
                          - {name: e, port: 0, backends: [{name: web, standby: true}]}
                        backends: [{name: web, discovery: {static: []}}]
                        """, "proxy.yaml"))
                .isInstanceOfSatisfying(
                        ConfigResult.Invalid.class,
                        invalid -> assertThat(invalid.messages())
                                .containsExactly(
                                        "proxy.yaml:2: listeners[0].backend: beside backends (expected: one of the two)",
                                        "proxy.yaml:3: listeners[1].backends: \"web\" twice (expected: each backend once)",
                                        "proxy.yaml:3: listeners[1].backends: no weight at all (expected: at least one backend of"
                                                + " weight 1 or more)",
                                        "proxy.yaml:3: listeners[1].backends: \"gone\" (expected: the name of a backend, web)",
                                        "proxy.yaml:4: listeners[2].backends[0].weight: 1000001 (expected: 0..1000000)",
                                        "proxy.yaml:5: listeners[3].backend: missing (expected: a name of at most 63 of a-z, 0-9"
                                                + " and -)",
                                        "proxy.yaml:6: listeners[4].backends: all stand by (expected: at least one backend of"
                                                + " weight 1 or more without standby)"));
    }

    @Test
    void whatABackendMayNotSayIsAProblem() {
        assertThat(ProxyConfig.read("""
                        listeners: [{name: a, port: 0, backend: b0}]
                        backends:
                          - {name: b0, discovery: {static: []}, stickiness: {type: Cookie, timeout: 1m}}
                          - {name: b1, discovery: {static: []}, stickiness: {type: SourceIp, secretFile: a}, balancing: {policy: SourceIpHash}}
                          - {name: b2, discovery: {static: []}, stickiness: {type: Cookie, secretFile: a, sameSite: None, secure: false, name: "a b"}}
                          - {name: b3, discovery: {static: []}, retries: {statuses: [503, 404], backoff: {base: 2s, max: 1s}}}
                          - {name: b4, discovery: {static: []}, limits: {requests: -1, queue: {timeout: 2h}}}
                        """, "proxy.yaml"))
                .isInstanceOfSatisfying(
                        ConfigResult.Invalid.class,
                        invalid -> assertThat(invalid.messages())
                                .containsExactly(
                                        "proxy.yaml:3: backends[0].stickiness.timeout: has no meaning here (expected: nothing, or"
                                                + " type: SourceIp)",
                                        "proxy.yaml:3: backends[0].stickiness.secretFile: missing (expected: the path of a file)",
                                        "proxy.yaml:4: backends[1].stickiness.secretFile: has no meaning here (expected: nothing,"
                                                + " or type: Cookie)",
                                        "proxy.yaml:4: backends[1].stickiness: beside the policy SourceIpHash, which decides where"
                                                + " a client goes (expected: one of the two)",
                                        "proxy.yaml:5: backends[2].stickiness.name: \"a b\" (expected: a cookie name: at most 64"
                                                + " letters, digits and !#$%&'*+-.^_`|~)",
                                        "proxy.yaml:5: backends[2].stickiness.sameSite: None (expected: Strict or Lax, or secure:"
                                                + " true)",
                                        "proxy.yaml:6: backends[3].retries.statuses[1]: 404 (expected: a status of 500..599)",
                                        "proxy.yaml:6: backends[3].retries.backoff.max: 1s (expected: at least base, 2s)",
                                        "proxy.yaml:7: backends[4].limits.requests: -1 (expected: 0..1000000)",
                                        "proxy.yaml:7: backends[4].limits.queue.timeout: 2h (expected: 0s..1h)"));
    }

    @Test
    void everyProblemIsToldWithItsLine() {
        assertThat(problems("""
                        listeners:
                          - name: http
                            port: 70000
                            backend: wbe
                            idelTimeout: 5s
                          - name: http
                            protocol: UDP
                            port: 8081
                            backend: web
                          - name: tcp
                            protocol: TCP
                            port: 9090
                            backend: web
                            headerTimeout: 5s
                            connectTimeout: 0s
                        backends:
                          - name: web
                            discovery: {static: ["10.0.0.1", "10.0.0.2:0"], file: {path: x}}
                            healthCheck: {timeout: 5s, path: up}
                            circuitBreaker: {openFor: 10m}
                          - name: Web 2
                            discovery: {static: ["10.0.0.3:80", {address: 10.0.0.3, port: 80}]}
                            retries: {attempts: 11, budget: {percent: 101}, bodyLimit: 1Gi}
                            healthCheck: {type: TCP, path: /up, expectedStatus: 200, interval: 1s}
                          - name: lost
                          - name: empty
                            discovery: {}
                        drain: {delay: 10m, timeout: 24h}
                        wokers: 4
                        """))
                .containsExactly(
                        "proxy.yaml:3: listeners[0].port: 70000 (expected: 0..65535)",
                        "proxy.yaml:4: listeners[0].backend: \"wbe\" (expected: the name of a backend, web or lost or empty)",
                        "proxy.yaml:5: listeners[0].idelTimeout: unknown key (did you mean idleTimeout?)",
                        "proxy.yaml:6: listeners[1].name: \"http\" (expected: a name of its own, listeners[0] has this one)",
                        "proxy.yaml:7: listeners[1].protocol: \"UDP\" (expected: HTTP or TCP)",
                        "proxy.yaml:8: listeners[1].port: 8081 (expected: a port of its own, health has this one)",
                        "proxy.yaml:12: listeners[2].port: 9090 (expected: a port of its own, metrics has this one)",
                        "proxy.yaml:14: listeners[2].headerTimeout: has no meaning for TCP (expected: nothing, or protocol:"
                                + " HTTP)",
                        "proxy.yaml:15: listeners[2].connectTimeout: 0s (expected: 1ms..2m)",
                        "proxy.yaml:18: backends[0].discovery: static and file (expected: exactly one of static, file,"
                                + " kubernetes, dns)",
                        "proxy.yaml:18: backends[0].discovery.static[0]: \"10.0.0.1\" (expected: an address and port such as"
                                + " 10.0.0.1:8000 or [::1]:8000 or a mapping)",
                        "proxy.yaml:18: backends[0].discovery.static[1]: \"10.0.0.2:0\" (expected: an address and port such as"
                                + " 10.0.0.1:8000 or [::1]:8000 or a mapping)",
                        "proxy.yaml:19: backends[0].healthCheck.path: \"up\" (expected: a path that begins with /, without"
                                + " blanks and #)",
                        "proxy.yaml:19: backends[0].healthCheck.timeout: 5s (expected: at most the interval, 3s)",
                        "proxy.yaml:20: backends[0].circuitBreaker.maxOpenFor: 5m (expected: at least openFor, 10m)",
                        "proxy.yaml:21: backends[1].name: \"Web 2\" (expected: a name of at most 63 of a-z, 0-9 and -)",
                        "proxy.yaml:22: backends[1].discovery.static: 10.0.0.3:80 twice (expected: each endpoint once)",
                        "proxy.yaml:23: backends[1].retries.attempts: 11 (expected: 0..10)",
                        "proxy.yaml:23: backends[1].retries.budget.percent: 101 (expected: 0..100)",
                        "proxy.yaml:23: backends[1].retries.bodyLimit: 1Gi (expected: 0..16Mi)",
                        "proxy.yaml:24: backends[1].healthCheck.path: a TCP check has no path (expected: nothing, or type:"
                                + " HTTP)",
                        "proxy.yaml:24: backends[1].healthCheck.expectedStatus: a TCP check has no status (expected: nothing,"
                                + " or type: HTTP)",
                        "proxy.yaml:25: backends[2].discovery: missing (expected: exactly one of static, file, kubernetes, dns)",
                        "proxy.yaml:27: backends[3].discovery: nothing (expected: exactly one of static, file, kubernetes, dns)",
                        "proxy.yaml:28: drain: 24h10m in all (expected: delay and timeout together at most 24h)",
                        "proxy.yaml:29: wokers: unknown key (did you mean workers?)");
    }

    @Test
    void portsOfDifferentAddressesDoNotMeet() {
        var text = """
                listeners:
                  - {name: a, address: 127.0.0.1, port: 8080, backend: web}
                  - {name: b, address: %s, port: 8080, backend: web}
                  - {name: c, port: 0, backend: web}
                  - {name: d, port: 0, backend: web}
                backends: [{name: web, discovery: {static: []}}]
                """;

        assertThat(valid(text.formatted("127.0.0.2")).listeners()).hasSize(4);
        assertThat(problems(text.formatted("\"::\"")))
                .containsExactly(
                        "proxy.yaml:3: listeners[1].port: 8080 (expected: a port of its own, listeners[0] has this one)");
    }

    @Test
    void aConfigurationWithoutListenersIsNone() {
        assertThat(problems("listeners: []\nbackends: []\n"))
                .containsExactly("proxy.yaml:1: listeners: an empty list (expected: at least one)");
        assertThat(problems("")).containsExactly("proxy.yaml: listeners: missing (expected: a list of at least one)");
    }

    @Test
    void aTextThatIsNoMappingIsToldAsThatAlone() {
        assertThat(problems("- a\n")).containsExactly("proxy.yaml:1: a list (expected: a mapping)");
    }
}
