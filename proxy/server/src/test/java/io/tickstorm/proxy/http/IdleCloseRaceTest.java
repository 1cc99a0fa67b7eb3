package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.tickstorm.proxy.http.IdleCloseRace.Plan;
import io.tickstorm.proxy.http.IdleCloseRace.Result;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The longer run of the same is IdleCloseRaceSoak. */
class IdleCloseRaceTest {
    @Test
    void noPostIsLostOrDoneTwiceWhenTheServerClosesIdleConnections() throws Exception {
        assumeTrue(Epoll.isAvailable(), "the kernel is asked through epoll's socket only");
        // side by side: each takes as long as its waves
        var plans = List.of(
                new Plan(500, 500, 50, 10),
                new Plan(2_000, 2_000, 250, 2),
                new Plan(5_000, 5_000, 500, 1),
                new Plan(200, 1_000, 50, 10));

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var runs = threads.invokeAll(plans.stream()
                    .map(plan -> (Callable<Result>) () -> IdleCloseRace.run(plan))
                    .toList());
            int closedIdle = 0;
            for (var run : runs) {
                var result = run.get();
                closedIdle += result.closedIdle();
                assertThat(result.failed()).as("%s", result).isEmpty();
                assertThat(result.undone()).as("%s", result).isZero();
                assertThat(result.doubled()).as("%s", result).isZero();
            }
            assertThat(closedIdle).isPositive();
        }
    }
}
