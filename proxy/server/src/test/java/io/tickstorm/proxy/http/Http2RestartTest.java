package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All servers of HTTP/2 are restarted one after the other, under load and without a word to the balancer. */
class Http2RestartTest {
    private static final int SERVERS = 3;
    private static final int ROUNDS = 2;

    private final Load load = new Load();

    @ParameterizedTest(name = "clients of {0}, with GOAWAY: {1}")
    @CsvSource({"HTTP1, true", "HTTP1, false", "HTTP2, true", "HTTP2, false"})
    void noGetFailsAndNoPostIsDoneTwice(Load.Protocol protocol, boolean withGoAway) throws Exception {
        var servers = new ArrayList<StreamServer>();
        for (int i = 0; i < SERVERS; i++) {
            servers.add(StreamServer.with(this::serve));
        }
        var endpoints = servers.stream().map(StreamServer::endpoint).toArray(Endpoint[]::new);
        try (var balancer = Balancer.with("{protocol: HTTP2, retries: {attempts: 3, budget: {percent: 100}}}")
                        .withRunningTime()
                        .before(endpoints);
                load) {
            load.begin(balancer, protocol);
            for (int restart = 0; restart < ROUNDS * SERVERS; restart++) {
                restart(servers, restart % SERVERS, withGoAway);
            }
            load.end();
        } finally {
            servers.forEach(StreamServer::close);
        }

        assertThat(load.failed())
                .filteredOn(each -> withGoAway || each.startsWith("GET"))
                .isEmpty();
        assertThat(load.done())
                .isNotEmpty()
                .allSatisfy((id, times) -> assertThat(times).hasValue(1));
    }

    private void serve(StreamServer.Stream request) {
        load.done(request.head().method().toString(), request.body());
        request.answer("x");
    }

    private void restart(List<StreamServer> servers, int which, boolean withGoAway) {
        var old = servers.get(which);
        if (withGoAway) {
            old.leave();
        } else {
            old.kill();
        }
        Balancer.await("its connections are closed", () -> old.open() == 0);
        servers.set(which, StreamServer.at(old.port(), this::serve));
        old.close();
        load.awaitMore(20);
    }
}
