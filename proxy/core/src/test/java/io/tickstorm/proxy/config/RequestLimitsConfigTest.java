package io.tickstorm.proxy.config;

import static io.tickstorm.proxy.config.Readings.problems;
import static io.tickstorm.proxy.config.Readings.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.listener.Rate;
import org.junit.jupiter.api.Test;

/** What is read of how much one client may ask. */
class RequestLimitsConfigTest {
    @Test
    void whatOneClientMayAskIsRead() {
        var config = valid("""
                listeners:
                  - name: http
                    port: 0
                    backend: web
                    clients:
                      connections: 100
                      connectionRate: 10
                      connectionBurst: 50
                      requestRate: 20
                      tracked: 1000
                      exempt: [10.0.0.0/8, "fd00::/8"]
                  - {name: tcp, protocol: TCP, port: 0, backend: web, clients: {messageRate: 5, messageBurst: 9}}
                backends: [{name: web, discovery: {static: []}}]
                """);

        var http = config.listeners().getFirst().clients();
        assertThat(http.connections()).isEqualTo(100);
        assertThat(http.connecting()).isEqualTo(new Rate(10, 50));
        assertThat(http.requests()).isEqualTo(new Rate(20, 20));
        assertThat(http.tracked()).isEqualTo(1000);
        assertThat(http.exempt()).extracting(Object::toString).containsExactly("10.0.0.0/8", "fd00:0:0:0:0:0:0:0/8");
        assertThat(config.listeners().getLast().clients().messages()).isEqualTo(new Rate(5, 9));
    }

    @Test
    void whatNoClientCanAskIsToldWithItsLine() {
        assertThat(problems("""
                        listeners:
                          - name: http
                            port: 0
                            backend: web
                            clients:
                              messageRate: 5
                              requestBurst: 5
                              tracked: 5
                              exempt: [10.0.0.1/8, [a]]
                          - {name: tcp, protocol: TCP, port: 0, backend: web, clients: {requestRate: 5}}
                        backends: [{name: web, discovery: {static: []}}]
                        """))
                .containsExactly(
                        "proxy.yaml:6: listeners[0].clients.messageRate: HTTP has no messages (expected: requestRate)",
                        "proxy.yaml:7: listeners[0].clients.requestBurst: without a rate (expected: nothing, or requestRate"
                                + " over 0)",
                        "proxy.yaml:8: listeners[0].clients.tracked: 5 (expected: 64..16777216)",
                        "proxy.yaml:9: listeners[0].clients.exempt[0]: \"10.0.0.1/8\" (expected: an address range such as"
                                + " 10.0.0.0/8 or fd00::/8, without bits after the prefix)",
                        "proxy.yaml:9: listeners[0].clients.exempt[1]: a list (expected: an address range such as"
                                + " 10.0.0.0/8 or fd00::/8, without bits after the prefix)",
                        "proxy.yaml:10: listeners[1].clients.requestRate: TCP has no requests (expected: messageRate)");
    }
}
