package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.EndpointSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All servers of HTTP/1.1 are replaced one after the other, under load, as discovery tells of it. */
class RollingUpdateTest {
    private static final int SERVERS = 3;

    private final Load load = new Load();

    @ParameterizedTest(name = "clients of {0}")
    @EnumSource
    void noRequestFailsAndNoPostIsDoneTwice(Load.Protocol protocol) throws Exception {
        var servers = new ArrayList<RawServer>();
        for (int i = 0; i < SERVERS; i++) {
            servers.add(start());
        }
        try (var balancer = Balancer.before(servers.toArray(RawServer[]::new));
                load) {
            load.begin(balancer, protocol);
            for (int which = 0; which < SERVERS; which++) {
                load.awaitMore(50);
                replace(balancer, servers, which);
            }
            load.awaitMore(50);
            load.end();
        } finally {
            servers.forEach(RawServer::close);
        }

        assertThat(load.failed()).isEmpty();
        assertThat(load.done())
                .isNotEmpty()
                .allSatisfy((id, times) -> assertThat(times).hasValue(1));
    }

    private RawServer start() {
        return RawServer.answering(request -> {
            load.done(request.startLine().split(" ")[0], request.body());
            return RawServer.ok("x");
        });
    }

    /** The new one is there before the old one goes, which ends when nothing runs on it any more. */
    private void replace(Balancer balancer, List<RawServer> servers, int which) {
        var old = servers.set(which, start());
        balancer.backend()
                .update(new EndpointSet(
                        servers.stream().map(RawServer::endpoint).toList()));
        Balancer.await("nothing runs on it", () -> old.open() == 0);
        old.close();
    }
}
