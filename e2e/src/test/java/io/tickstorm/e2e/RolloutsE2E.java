package io.tickstorm.e2e;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends and proxies roll again and again: what goes well once may be luck. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class RolloutsE2E {
    private static final int TIMES = Integer.getInteger("e2e.rollouts", 2);

    private final Cluster cluster;
    private final Demo demo;

    RolloutsE2E(Cluster cluster) {
        this.cluster = cluster;
        this.demo = new Demo(cluster);
    }

    @BeforeAll
    void install() {
        demo.begin();
    }

    @AfterAll
    void close() {
        demo.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {Demo.BACKEND, Demo.PROXY})
    void losesNothingHoweverOftenItRolls(String component) throws Exception {
        for (int time = 1; time <= TIMES; time++) {
            try (var traffic = new Traffic(cluster)) {
                var name = "%s rolls, %d of %d times".formatted(component, time, TIMES);
                demo.everyPostOnce(
                        traffic.during(name, () -> demo.restart(component)).lostNothing());
            }
        }
    }
}
