package io.tickstorm.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EndpointsFileTest {
    private static final String TWO = """
            endpoints:
              - {uid: "a-1", name: backend-0, address: 127.0.0.1, ports: {http: 41001, tcp: 41002}, condition: ACTIVE}
              - {uid: "a-2", name: backend-1, address: "::1", ports: {http: 41003}, condition: DRAINING, zone: z, weight: 3}
            """;

    @Test
    void thePortIsChosenByItsName() {
        assertThat(good(TWO, "http"))
                .isEqualTo(EndpointSet.of(
                        Endpoint.active(new EndpointId("a-1", "127.0.0.1", 41001), "backend-0"),
                        new Endpoint(
                                new EndpointId("a-2", "::1", 41003), "backend-1", "z", 3, Condition.DRAINING, null)));
    }

    @Test
    void anEndpointWithoutThePortIsLeftOut() {
        assertThat(good(TWO, "tcp").endpoints()).extracting(Endpoint::name).containsExactly("backend-0");
    }

    @Test
    void theOnlyPortNeedsNoName() {
        var text = "endpoints: [{address: 10.0.0.1, ports: {anything: 8000}}]";

        assertThat(good(text, null).endpoints())
                .containsExactly(Endpoint.active(new EndpointId("", "10.0.0.1", 8000), "10.0.0.1:8000"));
    }

    @Test
    void whoDoesNotServeIsNamedAllTheSame() {
        var text = "endpoints: [{address: 10.0.0.1, ports: {http: 8000}, condition: NOT_READY}]";

        assertThat(good(text, "http").endpoints())
                .extracting(Endpoint::condition)
                .containsExactly(Condition.NOT_READY);
    }

    @Test
    void anEmptyListIsNoEndpoint() {
        assertThat(good("endpoints: []", "http")).isEqualTo(EndpointSet.EMPTY);
    }

    @Test
    void everyProblemIsToldWithFileLineAndPath() {
        var text = """
                endpoints:
                  - address: backend.example
                    ports: {http: 70000}
                  - address: 10.0.0.1
                    ports: {http: 8000}
                    condition: GONE
                    colour: red
                """;

        assertThat(EndpointsFile.read(text, "http", "e.yaml"))
                .isInstanceOfSatisfying(
                        EndpointsFile.Read.Bad.class,
                        bad -> assertThat(bad.problems())
                                .hasSize(4)
                                .anySatisfy(problem -> assertThat(problem)
                                        .startsWith("e.yaml:2: endpoints[0].address: \"backend.example\""))
                                .anySatisfy(problem -> assertThat(problem)
                                        .isEqualTo("e.yaml:3: endpoints[0].ports.http: 70000 (expected: 1..65535)"))
                                .anySatisfy(problem ->
                                        assertThat(problem).startsWith("e.yaml:6: endpoints[1].condition: \"GONE\""))
                                .anySatisfy(
                                        problem -> assertThat(problem).startsWith("e.yaml:7: endpoints[1].colour")));
    }

    @Test
    void severalPortsNeedAName() {
        assertThat(EndpointsFile.read(TWO, null, "e.yaml"))
                .isInstanceOfSatisfying(
                        EndpointsFile.Read.Bad.class,
                        bad -> assertThat(bad.problems())
                                .singleElement()
                                .asString()
                                .startsWith("e.yaml:2: endpoints[0].ports: 2 ports"));
    }

    private static EndpointSet good(String text, @Nullable String port) {
        var read = EndpointsFile.read(text, port, "e.yaml");
        assertThat(read).isInstanceOf(EndpointsFile.Read.Good.class);
        return ((EndpointsFile.Read.Good) read).endpoints();
    }
}
