package io.tickstorm.proxy.endpoint;

import io.tickstorm.proxy.races.Races;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

public class ConnectionsRaceTest {
    private static final int LIMIT = 1;

    private final Connections connections = new Connections();
    /** That somebody may close. */
    private final AtomicInteger held = new AtomicInteger();

    public ConnectionsRaceTest() {
        connections.limit(LIMIT);
    }

    /** Now or later: either may be the answer where another one is being closed. */
    @Operation
    public void open() {
        if (connections.open(held::incrementAndGet)) {
            held.incrementAndGet();
        }
    }

    @Operation
    public void close() {
        int now = held.get();
        if (now > 0 && held.compareAndSet(now, now - 1)) {
            connections.closed();
        }
    }

    @Validate
    public void nobodyWaitsBesideRoom() {
        if (connections.open() != held.get() || held.get() > LIMIT) {
            throw new IllegalStateException(connections.open() + " open, of which are held " + held);
        }
        if (connections.wanted() && connections.open() < LIMIT) {
            throw new IllegalStateException("somebody waits, and there is room");
        }
    }

    @Test
    void roomGoesToWhoeverWaitsAndNeverToTwo() {
        Races.check(getClass());
    }
}
