package io.tickstorm.proxy.endpoint;

import io.tickstorm.proxy.races.Races;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

public class UpstreamRaceTest {
    private final Upstream upstream = new Upstream(Endpoint.active(new EndpointId("a", "10.0.0.1", 80), "a"));

    public UpstreamRaceTest() {
        upstream.limit(2, 0);
    }

    @Operation
    public boolean reserve() {
        return upstream.tryReserve();
    }

    @Operation
    public void end() {
        upstream.end();
    }

    @Operation
    public boolean full() {
        return upstream.full();
    }

    @Operation
    public int inFlight() {
        return upstream.inFlight();
    }

    @Test
    void whatRunsIsCountedExactlyAndNeverMoreThanTheLimit() {
        Races.check(getClass());
    }
}
