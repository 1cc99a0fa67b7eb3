package io.tickstorm.proxy.endpoint;

import io.tickstorm.proxy.races.Races;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

public class HoldsRaceTest {
    private final Upstream upstream = new Upstream(Endpoint.active(new EndpointId("a", "10.0.0.1", 80), "a"));

    @Operation
    public boolean failCheck() {
        return upstream.hold(HoldReason.FAILED_CHECK, "status 503", 0);
    }

    @Operation
    public boolean passCheck() {
        return upstream.lift(HoldReason.FAILED_CHECK);
    }

    @Operation
    public boolean open() {
        return upstream.hold(HoldReason.CIRCUIT_OPEN, "5 failures in a row", 0);
    }

    @Operation
    public boolean close() {
        return upstream.lift(HoldReason.CIRCUIT_OPEN);
    }

    @Operation
    public boolean available() {
        return upstream.available();
    }

    @Test
    void noReasonIsLostAndEachIsNewOnce() {
        Races.check(getClass());
    }
}
