package io.tickstorm.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real proxies on loopback, and what is none. */
@Timeout(60)
class CallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void sumsWhatAllProxiesTell() throws Exception {
        try (var live = new LiveProxies(2)) {
            live.get(0, "/");
            live.get(0, "/");
            live.get(1, "/");

            var fleet = look(live.admins(), PATIENCE);

            assertThat(fleet.whole()).isTrue();
            var web = fleet.backends().getFirst();
            assertThat(web.name()).isEqualTo("web");
            assertThat(web.upstreams()).hasSize(2).allSatisfy(upstream -> {
                assertThat(upstream.servingAt()).isEqualTo(2);
                assertThat(upstream.share()).isEqualTo(50);
            });
            assertThat(web.upstreams().stream().mapToLong(UpstreamSum::requests).sum())
                    .isEqualTo(3);
            assertThat(Findings.of(fleet, "tickstorm")).isEmpty();
        }
    }

    @Test
    void aProxyThatIsGoneIsNamedAndNotSummedAsZeros() throws Exception {
        try (var live = new LiveProxies(2)) {
            var admins = live.admins();
            live.get(0, "/");
            live.stopProxy(1);

            var fleet = look(admins, PATIENCE);

            assertThat(fleet.whole()).isFalse();
            assertThat(fleet.answering()).extracting(Proxy::name).containsExactly(admins.get(0));
            assertThat(fleet.backends().getFirst().seen()).containsOnlyKeys(admins.get(0));
            assertThat(fleet.proxies().get(1).state()).isNull();
            assertThat(Findings.of(fleet, "tickstorm")).singleElement().satisfies(finding -> {
                assertThat(finding.subject()).isEqualTo(admins.get(1));
                assertThat(finding.what())
                        .isEqualTo("does not answer: its admin port refuses connections; no sum has its numbers");
            });
        }
    }

    @Test
    void whoNeverAnswersIsSilentAfterTheTimeAndKeepsNobodyWaiting() throws Exception {
        try (var live = new LiveProxies(1);
                var mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var admins = new ArrayList<>(live.admins());
            admins.add("127.0.0.1:" + mute.getLocalPort());

            var fleet = look(admins, Duration.ofSeconds(3));

            assertThat(fleet.answering()).hasSize(1);
            assertThat(fleet.proxies().get(1).silence()).isEqualTo("no answer within 3.0 s");
        }
    }

    private static Fleet look(List<String> admins, Duration timeout) throws Exception {
        try (var place = new AddressPlace(admins);
                var calls = new Calls(place, timeout)) {
            return calls.look(place.sites(null).getFirst());
        }
    }
}
