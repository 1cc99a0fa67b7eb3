package io.tickstorm.proxy.discovery;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.tickstorm.proxy.config.DnsSettings;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.IpFamily;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Randomness;
import io.tickstorm.proxy.transport.EpollLoops;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DnsDiscoveryTest {
    private static final String WEB = "tasks.web.";
    private static final String SERVICE = "_http._tcp.web.example.";

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollLoops.factory());
    private final TestNameServer server = new TestNameServer(loops);
    private final TestNameServer other = new TestNameServer(loops);
    private final ManualTime time = new ManualTime();
    private final List<EndpointSet> sets = new CopyOnWriteArrayList<>();
    private DnsDiscovery discovery = discovery(addresses(IpFamily.PREFER_IPV4));

    @AfterEach
    void tearDown() {
        discovery.close();
        server.close();
        other.close();
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void everyAddressIsAnEndpointKnownByNameAddressAndPort() {
        server.addresses(WEB, 5, "10.0.0.2", "10.0.0.1");

        start();

        assertThat(sets).containsExactly(EndpointSet.of(endpoint("10.0.0.1"), endpoint("10.0.0.2")));
        assertThat(discovery.status().synced()).isTrue();
        assertThat(discovery.status().source()).isEqualTo("DNS name tasks.web.");
    }

    @Test
    void theNameIsAskedForAgainWhenItsRecordsExpire() {
        server.addresses(WEB, 5, "10.0.0.1");
        start();
        server.addresses(WEB, 5, "10.0.0.1", "10.0.0.2");

        time.advance(Duration.ofMillis(4_999));
        assertThat(server.questions()).isEqualTo(1);
        // a tenth more at most, so that not all proxies ask at once
        nextRound(Duration.ofMillis(501));

        assertThat(hosts()).containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(sets).hasSize(2);
    }

    @Test
    void theSameRecordsInAnotherOrderAreNoChange() {
        server.addresses(WEB, 1, "10.0.0.1", "10.0.0.2");
        start();
        server.addresses(WEB, 1, "10.0.0.2", "10.0.0.1");

        nextRound(Duration.ofSeconds(2));

        assertThat(sets).hasSize(1);
    }

    @Test
    void timesToLiveAreKeptWithinTheBounds() {
        server.addresses(WEB, 0, "10.0.0.1");
        start();
        time.advance(Duration.ofMillis(999));
        assertThat(server.questions()).isEqualTo(1);

        server.addresses(WEB, 86_400, "10.0.0.1");
        nextRound(Duration.ofMillis(101));
        assertThat(server.questions()).isEqualTo(2);

        nextRound(Duration.ofSeconds(33));
        assertThat(server.questions()).isEqualTo(3);
    }

    @Test
    void serversThatFailChangeNothing() {
        server.addresses(WEB, 1, "10.0.0.1");
        start();

        for (var code : List.of(DnsResponseCode.SERVFAIL, DnsResponseCode.REFUSED)) {
            server.code(code);
            other.code(code);
            nextRound(Duration.ofSeconds(33));
            assertThat(discovery.status().trouble())
                    .startsWith("name server 127.0.0.1: answers ")
                    .contains(code.toString());
        }

        assertThat(hosts()).containsExactly("10.0.0.1");
        assertThat(discovery.status().lastContactAge()).isPositive();
        assertThat(discovery.status().synced()).isTrue();

        server.code(DnsResponseCode.NOERROR);
        nextRound(Duration.ofSeconds(33));
        assertThat(discovery.status().trouble()).isNull();
        assertThat(sets).hasSize(1);
    }

    @Test
    void aNameThatServersRefuseFromTheBeginningHasNoEndpoints() {
        server.code(DnsResponseCode.SERVFAIL);
        other.code(DnsResponseCode.SERVFAIL);
        start();
        assertThat(sets).isEmpty();

        nextRound(Duration.ofSeconds(2));

        assertThat(sets).containsExactly(EndpointSet.EMPTY);
        assertThat(discovery.status().synced()).isFalse();
        assertThat(discovery.status().trouble()).contains("ServFail");

        server.code(DnsResponseCode.NOERROR);
        server.addresses(WEB, 1, "10.0.0.1");
        nextRound(Duration.ofSeconds(33));
        assertThat(hosts()).containsExactly("10.0.0.1");
    }

    @Test
    void serversThatAreSilentFromTheBeginningSayNothingOfTheName() {
        server.silent(true);
        other.silent(true);
        start();
        nextRound(Duration.ofSeconds(2));
        nextRound(Duration.ofSeconds(3));

        assertThat(sets).isEmpty();
    }

    @Test
    void theNextServerIsAskedWhereOneIsSilentOrFails() {
        server.silent(true);
        other.addresses(WEB, 1, "10.0.0.1");
        start();
        assertThat(hosts()).containsExactly("10.0.0.1");

        server.silent(false);
        server.code(DnsResponseCode.SERVFAIL);
        other.addresses(WEB, 1, "10.0.0.2");
        nextRound(Duration.ofSeconds(2));

        assertThat(hosts()).containsExactly("10.0.0.2");
    }

    @Test
    void thatTheNameIsGoneIsBelievedTheSecondTime() {
        server.addresses(WEB, 1, "10.0.0.1");
        start();

        server.code(DnsResponseCode.NXDOMAIN);
        nextRound(Duration.ofSeconds(2));
        assertThat(hosts()).containsExactly("10.0.0.1");
        nextRound(Duration.ofSeconds(2));

        assertThat(hosts()).isEmpty();
        assertThat(discovery.status().trouble()).isNull();
    }

    @Test
    void aFailureInBetweenBeginsTheCountAnew() {
        server.addresses(WEB, 1, "10.0.0.1");
        start();

        server.forget(WEB);
        nextRound(Duration.ofSeconds(2));
        server.code(DnsResponseCode.SERVFAIL);
        other.code(DnsResponseCode.SERVFAIL);
        nextRound(Duration.ofSeconds(33));
        server.code(DnsResponseCode.NOERROR);
        nextRound(Duration.ofSeconds(33));

        assertThat(hosts()).containsExactly("10.0.0.1");
    }

    @Test
    void ofBothFamiliesOneIsUsed() {
        server.addresses(WEB, 1, "10.0.0.1", "fd00::1");
        start();
        assertThat(hosts()).containsExactly("10.0.0.1");

        again(addresses(IpFamily.PREFER_IPV6));
        assertThat(hosts()).containsExactly("fd00:0:0:0:0:0:0:1");

        server.addresses(WEB, 1, "fd00::1");
        again(addresses(IpFamily.PREFER_IPV4));
        assertThat(hosts()).containsExactly("fd00:0:0:0:0:0:0:1");
    }

    @Test
    void anAnswerThatDoesNotFitIsHadOverTcp() {
        server.truncates(true);
        server.addresses(WEB, 1, "10.0.0.1", "10.0.0.2", "10.0.0.3");

        start();

        assertThat(hosts()).hasSize(3);
        assertThat(server.overTcp()).isEqualTo(1);
    }

    @Test
    void aliasesAreFollowedAndTheShortestTimeToLiveCounts() {
        server.alias(WEB, 2, "web.example");
        server.addresses("web.example.", 20, "10.0.0.7");

        start();
        assertThat(hosts()).containsExactly("10.0.0.7");
        int before = server.questions();
        nextRound(Duration.ofMillis(2_200));

        assertThat(server.questions()).isGreaterThan(before);
    }

    @Test
    void aliasesInACircleAreAFailure() {
        server.alias(WEB, 2, "web.example");
        server.alias("web.example.", 2, "tasks.web");

        start();

        assertThat(discovery.status().trouble()).contains("aliases");
        assertThat(discovery.status().synced()).isFalse();
    }

    @Test
    void servicesHavePortsAndWeightsAndOnlyTheLowestPriorityCounts() {
        server.service(SERVICE, 5, 10, 3, 8001, "web-0.example");
        server.service(SERVICE, 5, 10, 0, 8002, "web-1.example");
        server.service(SERVICE, 5, 20, 9, 8003, "web-2.example");
        server.addresses("web-0.example.", 5, "10.0.0.1");
        server.addresses("web-1.example.", 5, "10.0.0.2");

        again(new DnsSettings(
                SERVICE,
                DnsSettings.Type.SRV,
                0,
                IpFamily.PREFER_IPV4,
                List.of(server.address()),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30)));

        assertThat(sets.getLast().endpoints())
                .extracting(Endpoint::id)
                .containsExactly(
                        new EndpointId("web-0.example", "10.0.0.1", 8001),
                        new EndpointId("web-1.example", "10.0.0.2", 8002));
        assertThat(sets.getLast().endpoints()).extracting(Endpoint::weight).containsExactly(3, 1);
        assertThat(sets.getLast().endpoints())
                .extracting(Endpoint::name)
                .containsExactly("web-0.example:8001", "web-1.example:8002");
    }

    @Test
    void anEndpointThatCannotBeReachedIsAReasonToAsk() {
        server.addresses(WEB, 30, "10.0.0.1");
        start();
        server.addresses(WEB, 30, "10.0.0.2");

        discovery.doubt();
        discovery.doubt();
        nextRound(Duration.ofSeconds(1));

        assertThat(hosts()).containsExactly("10.0.0.2");
        assertThat(discovery.status().relists()).containsEntry(Relist.UNREACHABLE, 1L);
    }

    private void start() {
        discovery.start(sets::add);
        nextRound(Duration.ZERO);
    }

    /** Begins with other settings. */
    private void again(DnsSettings settings) {
        discovery.close();
        discovery = discovery(settings);
        start();
    }

    private void nextRound(Duration duration) {
        time.advance(duration);
        await("the end of the round", () -> time.pending() == 1);
    }

    private DnsDiscovery discovery(DnsSettings settings) {
        return new DnsDiscovery(settings, loops, time, time, Randomness.seeded(20_261_121));
    }

    private DnsSettings addresses(IpFamily family) {
        return new DnsSettings(
                WEB,
                DnsSettings.Type.ADDRESS,
                8000,
                family,
                List.<InetSocketAddress>of(server.address(), other.address()),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30));
    }

    private List<String> hosts() {
        return sets.getLast().endpoints().stream()
                .map(endpoint -> endpoint.id().host())
                .toList();
    }

    private static Endpoint endpoint(String host) {
        return Endpoint.active(new EndpointId(WEB, host, 8000), host + ":8000");
    }
}
