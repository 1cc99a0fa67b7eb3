package io.tickstorm.proxy.admission;

import io.tickstorm.proxy.races.Races;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

public class OpenConnectionsRaceTest {
    private static final long CLIENT = 7;

    private final OpenConnections open = new OpenConnections();

    @Operation
    public boolean connect() {
        return open.tryAdd(CLIENT, 2);
    }

    /** Throws if there is none, in every order in which there is none. */
    @Operation
    public void disconnect() {
        open.remove(CLIENT);
    }

    @Operation
    public int count() {
        return open.of(CLIENT);
    }

    @Test
    void theCountOfAClientIsExactAndBounded() {
        Races.check(getClass());
    }
}
