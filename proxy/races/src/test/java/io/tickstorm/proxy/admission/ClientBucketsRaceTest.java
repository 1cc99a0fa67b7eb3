package io.tickstorm.proxy.admission;

import io.tickstorm.proxy.listener.Rate;
import io.tickstorm.proxy.races.Races;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

public class ClientBucketsRaceTest {
    private static final long CLIENT = 7;
    private static final long OTHER = 8;

    // Time stands still, and all clients are in one set.
    private final ClientBuckets buckets = new ClientBuckets(8, new Rate(1, 2), () -> 0, 1);

    @Operation
    public long take() {
        return buckets.tryTake(CLIENT);
    }

    @Operation
    public long takeForAnother() {
        return buckets.tryTake(OTHER);
    }

    @Test
    void noTokenIsTakenTwice() {
        Races.check(getClass());
    }
}
