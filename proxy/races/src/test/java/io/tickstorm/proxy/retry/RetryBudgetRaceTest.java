package io.tickstorm.proxy.retry;

import io.tickstorm.proxy.races.Races;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

public class RetryBudgetRaceTest {
    private final RetryBudget budget = new RetryBudget(new RetrySettings.Budget(20, 1), () -> 10, () -> 0);

    @Operation
    public boolean withdraw() {
        return budget.tryWithdraw();
    }

    @Operation
    public void settle() {
        budget.settle();
    }

    @Operation
    public int running() {
        return budget.running();
    }

    @Test
    void neverRunMoreRetriesThanItPaysFor() {
        Races.check(getClass());
    }
}
