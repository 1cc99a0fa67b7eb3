package io.tickstorm.proxy.admission;

import io.tickstorm.proxy.races.Races;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

public class ConnectionLimitRaceTest {
    private final ConnectionLimit limit = new ConnectionLimit(2);

    @Operation
    public boolean acquire() {
        return limit.tryAcquire();
    }

    @Operation
    public void release() {
        limit.release();
    }

    @Operation
    public int open() {
        return limit.open();
    }

    @Test
    void neverIsOneTooManyLetIn() {
        Races.check(getClass());
    }
}
