package io.tickstorm.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.IpFamily;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointSlicesTest {
    private static final String HTTP = "http";

    @ParameterizedTest(name = "ready={0} serving={1} terminating={2}: {3}")
    @CsvSource(
            nullValues = "nil",
            value = {
                // What is not said is good: ready, serving as ready, not terminating.
                "nil,   nil,   nil,   ACTIVE",
                "true,  nil,   nil,   ACTIVE",
                "true,  true,  nil,   ACTIVE",
                "true,  true,  false, ACTIVE",
                "nil,   true,  false, ACTIVE",
                "nil,   nil,   false, ACTIVE",
                // Not ready and not terminating: not up yet, or failing its probe.
                "false, nil,   nil,   NOT_READY",
                "false, false, false, NOT_READY",
                "false, true,  false, NOT_READY",
                "false, true,  nil,   NOT_READY",
                // Terminating: serving alone decides.
                "false, true,  true,  DRAINING",
                "nil,   true,  true,  DRAINING",
                "nil,   nil,   true,  DRAINING",
                "false, false, true,  NOT_READY",
                "false, nil,   true,  NOT_READY",
                // publishNotReadyAddresses says ready of everything.
                "true,  true,  true,  DRAINING",
                "true,  nil,   true,  DRAINING",
                "true,  false, true,  NOT_READY",
                "true,  false, false, NOT_READY",
                "nil,   false, nil,   NOT_READY",
            })
    void conditionsDecideWhoGetsWork(
            @Nullable Boolean ready, @Nullable Boolean serving, @Nullable Boolean terminating, String expected) {
        var slice = slice(
                "a",
                HTTP,
                8000,
                pod("pod-1", "10.0.0.1")
                        .withNewConditions()
                        .withReady(ready)
                        .withServing(serving)
                        .withTerminating(terminating)
                        .endConditions());

        var endpoints = EndpointSlices.endpoints(List.of(slice), HTTP, IpFamily.PREFER_IPV4)
                .endpoints();

        assertThat(endpoints)
                .extracting(endpoint -> endpoint.condition().name())
                .containsExactly(expected);
    }

    @Test
    void endpointsWithoutConditionsAreActive() {
        assertThat(endpoints(slice("a", HTTP, 8000, pod("pod-1", "10.0.0.1"))))
                .extracting(Endpoint::condition)
                .containsExactly(Condition.ACTIVE);
    }

    @Test
    void identityIsThePodAndWhereItListens() {
        var endpoint = endpoints(slice(
                        "a",
                        HTTP,
                        8000,
                        pod("pod-1", "10.0.0.1").withZone("zone-a").withNodeName("node-3")))
                .getFirst();

        assertThat(endpoint)
                .isEqualTo(new Endpoint(
                        new EndpointId("uid-pod-1", "10.0.0.1", 8000),
                        "pod-1",
                        "zone-a",
                        1,
                        Condition.ACTIVE,
                        "node-3"));
    }

    @Test
    void endpointsWithoutATargetAreKnownByTheirAddress() {
        var endpoint = endpoints(slice("a", HTTP, 8000, new EndpointBuilder().withAddresses("10.0.0.9")))
                .getFirst();

        assertThat(endpoint.id()).isEqualTo(new EndpointId("", "10.0.0.9", 8000));
        assertThat(endpoint.name()).isEqualTo("10.0.0.9:8000");
    }

    @Test
    void allSlicesOfTheServiceCount() {
        assertThat(endpoints(
                        slice("b", HTTP, 8000, pod("pod-3", "10.0.0.3")),
                        slice("a", HTTP, 8000, pod("pod-1", "10.0.0.1"), pod("pod-2", "10.0.0.2"))))
                .extracting(Endpoint::name)
                .containsExactly("pod-1", "pod-2", "pod-3");
    }

    @Test
    void aPodInTwoSlicesCountsOnceAndItsEndIsBelieved() {
        var moved = slice("a", HTTP, 8000, terminating(pod("pod-1", "10.0.0.1")));
        var stale = newer(slice("b", HTTP, 8000, pod("pod-1", "10.0.0.1")));

        assertThat(endpoints(moved, stale)).extracting(Endpoint::condition).containsExactly(Condition.DRAINING);
        assertThat(endpoints(stale, moved)).extracting(Endpoint::condition).containsExactly(Condition.DRAINING);
    }

    @Test
    void ofTwoEqualEntriesTheNewerSliceIsBelieved() {
        var older = slice("b", HTTP, 8000, pod("pod-1", "10.0.0.1").withZone("zone-a"));
        var newer = newer(slice("a", HTTP, 8000, pod("pod-1", "10.0.0.1").withZone("zone-b")));

        assertThat(endpoints(older, newer)).extracting(Endpoint::zone).containsExactly("zone-b");
    }

    @Test
    void anAddressThatPassedToAnotherPodBelongsToTheOneThatIsNotEnding() {
        var before = newer(slice("a", HTTP, 8000, terminating(pod("pod-1", "10.0.0.1"))));
        var after = slice("b", HTTP, 8000, pod("pod-2", "10.0.0.1"));

        assertThat(endpoints(before, after)).extracting(Endpoint::name).containsExactly("pod-2");
    }

    @Test
    void whoDoesNotServeIsBelievedByTheNewerSliceAndAfterItsEnd() {
        var ready = newer(slice("a", HTTP, 8000, pod("pod-1", "10.0.0.1")));
        var unready = slice("b", HTTP, 8000, unready(pod("pod-1", "10.0.0.1"), false));
        var ended = slice("b", HTTP, 8000, unready(pod("pod-1", "10.0.0.1"), true));

        assertThat(endpoints(ready, unready)).extracting(Endpoint::condition).containsExactly(Condition.ACTIVE);
        assertThat(endpoints(ready, ended)).extracting(Endpoint::condition).containsExactly(Condition.NOT_READY);
    }

    @Test
    void anAddressThatPassedToAPodThatStartsBelongsToThatPod() {
        var before = newer(slice("a", HTTP, 8000, unready(pod("pod-1", "10.0.0.1"), true)));
        var after = slice("b", HTTP, 8000, unready(pod("pod-2", "10.0.0.1"), false));

        assertThat(endpoints(before, after)).extracting(Endpoint::name).containsExactly("pod-2");
    }

    @Test
    void hintsNameTheZonesWhoseTrafficItShouldGet() {
        var hinted = pod("pod-1", "10.0.0.1")
                .withNewHints()
                .addNewForZone("zone-a")
                .addNewForZone("zone-b")
                .endHints();

        assertThat(endpoints(slice("a", HTTP, 8000, hinted, pod("pod-2", "10.0.0.2"))))
                .extracting(Endpoint::hintedZones)
                .containsExactly(Set.of("zone-a", "zone-b"), Set.of());
    }

    @Test
    void aNamedPortMayDifferBySlice() {
        assertThat(endpoints(
                        slice("a", HTTP, 8000, pod("pod-1", "10.0.0.1")),
                        slice("b", HTTP, 9000, pod("pod-2", "10.0.0.2"))))
                .extracting(endpoint -> endpoint.id().address())
                .containsExactly("10.0.0.1:8000", "10.0.0.2:9000");
    }

    @Test
    void slicesWithoutThePortHaveNoEndpoints() {
        var other = slice("a", "grpc", 9000, pod("pod-1", "10.0.0.1"));
        var udp = new EndpointSliceBuilder(slice("b", HTTP, 53, pod("pod-1", "10.0.0.1")))
                .editFirstPort()
                .withProtocol("UDP")
                .endPort()
                .build();
        var none = new EndpointSliceBuilder(slice("c", HTTP, 8000, pod("pod-1", "10.0.0.1")))
                .withPorts()
                .build();

        assertThat(endpoints(other, udp, none)).isEmpty();
    }

    @Test
    void thePortWithoutANameIsFoundByTheEmptyName() {
        var slice = new EndpointSliceBuilder(slice("a", HTTP, 8000, pod("pod-1", "10.0.0.1")))
                .editFirstPort()
                .withName(null)
                .withProtocol(null)
                .endPort()
                .build();

        assertThat(EndpointSlices.endpoints(List.of(slice), "", IpFamily.PREFER_IPV4)
                        .endpoints())
                .hasSize(1);
        assertThat(EndpointSlices.endpoints(List.of(slice), HTTP, IpFamily.PREFER_IPV4)
                        .endpoints())
                .isEmpty();
    }

    @Test
    void aDualStackPodCountsOnce() {
        var four = slice("a", HTTP, 8000, pod("pod-1", "10.0.0.1"));
        var six = family("IPv6", slice("b", HTTP, 8000, pod("pod-1", "fd00::1")));

        assertThat(endpoints(six, four))
                .extracting(endpoint -> endpoint.id().host())
                .containsExactly("10.0.0.1");
        assertThat(endpoints(six)).extracting(endpoint -> endpoint.id().host()).containsExactly("fd00::1");
    }

    @Test
    void theFamilyThatIsWantedIsUsed() {
        var four = slice("a", HTTP, 8000, pod("pod-1", "10.0.0.1"), pod("pod-2", "10.0.0.2"));
        var six = family("IPv6", slice("b", HTTP, 8000, pod("pod-1", "fd00::1")));

        assertThat(hosts(IpFamily.PREFER_IPV6, four, six)).containsExactly("fd00::1");
        assertThat(hosts(IpFamily.PREFER_IPV6, four)).containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(hosts(IpFamily.IPV6, four)).isEmpty();
        assertThat(hosts(IpFamily.IPV4, six)).isEmpty();
        assertThat(hosts(IpFamily.IPV4, six, four)).containsExactly("10.0.0.1", "10.0.0.2");
    }

    @Test
    void namesAreLeftOut() {
        assertThat(endpoints(family("FQDN", slice("a", HTTP, 8000, pod("pod-1", "db.example")))))
                .isEmpty();
    }

    @Test
    void theFirstAddressStandsForAll() {
        var slice = slice("a", HTTP, 8000, pod("pod-1", "10.0.0.1").addToAddresses("10.0.0.2"));

        assertThat(endpoints(slice))
                .extracting(endpoint -> endpoint.id().host())
                .containsExactly("10.0.0.1");
    }

    @Test
    void noSlicesAreNoEndpoints() {
        assertThat(endpoints()).isEmpty();
    }

    private static List<Endpoint> endpoints(EndpointSlice... slices) {
        return EndpointSlices.endpoints(List.of(slices), HTTP, IpFamily.PREFER_IPV4)
                .endpoints();
    }

    private static List<String> hosts(IpFamily family, EndpointSlice... slices) {
        return EndpointSlices.endpoints(List.of(slices), HTTP, family).endpoints().stream()
                .map(endpoint -> endpoint.id().host())
                .toList();
    }

    private static EndpointBuilder pod(String name, String address) {
        return new EndpointBuilder()
                .withAddresses(address)
                .withNewTargetRef()
                .withKind("Pod")
                .withName(name)
                .withUid("uid-" + name)
                .endTargetRef();
    }

    private static EndpointBuilder terminating(EndpointBuilder pod) {
        return pod.withNewConditions()
                .withReady(false)
                .withServing(true)
                .withTerminating(true)
                .endConditions();
    }

    private static EndpointBuilder unready(EndpointBuilder pod, boolean terminating) {
        return pod.withNewConditions()
                .withReady(false)
                .withServing(false)
                .withTerminating(terminating)
                .endConditions();
    }

    private static EndpointSlice slice(String name, String port, int number, EndpointBuilder... pods) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .withResourceVersion("99")
                .endMetadata()
                .withAddressType("IPv4")
                .withEndpoints(
                        List.of(pods).stream().map(EndpointBuilder::build).toList())
                .addNewPort()
                .withName(port)
                .withPort(number)
                .withProtocol("TCP")
                .endPort()
                .build();
    }

    private static EndpointSlice newer(EndpointSlice slice) {
        // 100 is larger than 99 as a number, not as a text.
        return new EndpointSliceBuilder(slice)
                .editMetadata()
                .withResourceVersion("100")
                .endMetadata()
                .build();
    }

    private static EndpointSlice family(String type, EndpointSlice slice) {
        return new EndpointSliceBuilder(slice).withAddressType(type).build();
    }
}
