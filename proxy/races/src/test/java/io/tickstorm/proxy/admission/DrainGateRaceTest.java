package io.tickstorm.proxy.admission;

import io.tickstorm.proxy.races.Races;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

public class DrainGateRaceTest {
    private final DrainGate gate = new DrainGate();
    private final AtomicInteger tasks = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();

    @Operation
    public boolean enter() {
        return gate.enter();
    }

    /** Throws if nothing is in, in every order in which nothing is. */
    @Operation
    public void exit() {
        gate.exit();
    }

    @Operation
    public void drain() {
        gate.beginDrain();
    }

    @Operation
    public void close() {
        gate.close();
    }

    @Operation
    public DrainGate.Phase phase() {
        return gate.phase();
    }

    @Operation
    public void awaitEmpty() {
        tasks.incrementAndGet();
        gate.whenEmpty(told::incrementAndGet);
    }

    @Validate
    public void everybodyIsToldOnceItIsOver() {
        boolean over = gate.phase() == DrainGate.Phase.CLOSED && gate.running() == 0;
        if (told.get() != (over ? tasks.get() : 0)) {
            throw new IllegalStateException(told + " of " + tasks + " told, over: " + over);
        }
    }

    @Test
    void nothingSlipsInAndNobodyWaitsForever() {
        Races.check(getClass());
    }
}
