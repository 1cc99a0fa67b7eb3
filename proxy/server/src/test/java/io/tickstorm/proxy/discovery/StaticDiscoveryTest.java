package io.tickstorm.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.time.ManualTime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StaticDiscoveryTest {
    private final ManualTime time = new ManualTime();

    @Test
    void addressesAreDeliveredAtOnceAndNeverAge() {
        var sets = new ArrayList<EndpointSet>();
        var endpoint = Endpoint.active(new EndpointId("", "10.0.0.1", 8000), "a");
        var discovery = new StaticDiscovery(List.of(endpoint), time, StaticDiscoveryTest::unknown);

        discovery.start(sets::add);

        assertThat(sets).containsExactly(EndpointSet.of(endpoint));
        assertThat(discovery.status().synced()).isTrue();
        assertThat(discovery.status().lastContactAge()).isZero();
    }

    @Test
    void anEmptyListIsASetToo() {
        var sets = new ArrayList<EndpointSet>();
        var discovery = new StaticDiscovery(List.of(), time, StaticDiscoveryTest::unknown);

        discovery.start(sets::add);

        assertThat(sets).containsExactly(EndpointSet.EMPTY);
    }

    @Test
    void aNameStandsForItsAddressesOfOneFamily() throws Exception {
        var sets = new LinkedBlockingQueue<EndpointSet>();
        var endpoint = Endpoint.active(new EndpointId("", "web.example", 8000), "web");
        var discovery = new StaticDiscovery(List.of(endpoint), time, host -> new InetAddress[] {
            InetAddress.ofLiteral("fd00::1"), InetAddress.ofLiteral("10.0.0.2"), InetAddress.ofLiteral("10.0.0.1")
        });

        discovery.start(sets::add);

        assertThat(sets.poll(10, TimeUnit.SECONDS))
                .isEqualTo(EndpointSet.of(
                        Endpoint.active(new EndpointId("", "10.0.0.1", 8000), "web"),
                        Endpoint.active(new EndpointId("", "10.0.0.2", 8000), "web")));
        discovery.close();
    }

    @Test
    void aNameThatCannotBeResolvedYetIsTriedAgain() throws Exception {
        var sets = new LinkedBlockingQueue<EndpointSet>();
        var calls = new AtomicInteger();
        var endpoint = Endpoint.active(new EndpointId("", "web.example", 8000), "web");
        var discovery = new StaticDiscovery(
                List.of(endpoint),
                time,
                host -> calls.getAndIncrement() == 0
                        ? unknown(host)
                        : new InetAddress[] {InetAddress.ofLiteral("10.0.0.1")});

        discovery.start(sets::add);

        assertThat(sets.poll(10, TimeUnit.SECONDS)).isNotNull();
        discovery.close();
    }

    private static InetAddress[] unknown(String host) throws UnknownHostException {
        throw new UnknownHostException(host);
    }
}
