package io.tickstorm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.load.Failure;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** New versions of the backends take over under traffic, step by step or at once, and give way again. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class VersionsE2E {
    private static final String GOOD = "[{name: LOG_POSTS, value: 'true'}]";
    private static final String BETTER = "[{name: LOG_POSTS, value: 'true'}, {name: GREETING, value: hello}]";

    /** Fails half of what it is asked. */
    private static final String BAD = "[{name: LOG_POSTS, value: 'true'}, {name: FAIL_PERCENT, value: '50'}]";

    private static final String CANARY = """
            strategy: Canary
            canary:
              steps: [{weight: 20, pause: 15s}, {weight: 50, pause: 15s}]
              analysis: {interval: 5s, minRequests: 20, maxP99Percent: 0}
            keepPrevious: 0s
            """;

    private static final String BLUE_GREEN = "strategy: BlueGreen\nkeepPrevious: 10m\n";

    private final Cluster cluster;
    private final Demo demo;

    VersionsE2E(Cluster cluster) {
        this.cluster = cluster;
        this.demo = new Demo(cluster);
    }

    @BeforeEach
    void install() {
        new Chart(cluster).install();
    }

    @AfterEach
    void close() {
        demo.close();
    }

    @Test
    void aBadCanaryIsTakenBackByItself() throws Exception {
        demo.apply(manifest(GOOD, CANARY));
        demo.awaitReady();
        var good = demo.awaitVersions(versions -> versions.phase().equals("Stable"));

        try (var traffic = new Traffic(cluster)) {
            var seen = traffic.during("a canary that fails every second request", () -> {
                demo.apply(manifest(BAD, CANARY));
                demo.awaitVersions(versions -> versions.phase().equals("Aborted")
                        && versions.stableRevision().equals(good.revision()));
            });
            assertThat(seen.http().failures())
                    .as("what the bad version failed, and nothing else")
                    .containsOnlyKeys(Failure.STATUS_5XX);
            assertThat(seen.http().failed())
                    .as(seen.http().text())
                    .isLessThan(seen.http().sent() / 5);
        }
        demo.noPostTwice();

        assertThat(demo.awaitVersions(versions -> versions.weight() == 0).message())
                .isNotBlank();
        try (var traffic = new Traffic(cluster)) {
            demo.everyPostOnce(traffic.during("after the bad canary", () -> {}).lostNothing());
        }
    }

    @Test
    void aGoodCanaryTakesOverWithoutLoss() throws Exception {
        demo.apply(manifest(GOOD, CANARY));
        demo.awaitReady();
        var good = demo.awaitVersions(versions -> versions.phase().equals("Stable"));

        try (var traffic = new Traffic(cluster)) {
            var seen = traffic.during("a good canary", () -> {
                demo.apply(manifest(BETTER, CANARY));
                demo.awaitVersions(versions -> versions.phase().equals("Stable")
                        && !versions.stableRevision().equals(good.revision()));
                demo.awaitReady();
            });
            demo.everyPostOnce(seen.lostNothing());
        }
    }

    @Test
    void blueAndGreenChangePlacesAndBackWithoutLoss() throws Exception {
        demo.apply(manifest(GOOD, BLUE_GREEN));
        demo.awaitReady();
        var blue = demo.awaitVersions(versions -> versions.phase().equals("Stable"));

        try (var traffic = new Traffic(cluster)) {
            var seen = traffic.during("blue-green: switch, and back", () -> {
                demo.apply(manifest(BETTER, BLUE_GREEN));
                var green = demo.awaitVersions(versions -> versions.phase().equals("Waiting")
                        && !versions.revision().equals(blue.revision()));
                demo.apply(manifest(BETTER, BLUE_GREEN + "promote: " + green.revision()));
                demo.awaitVersions(versions -> versions.phase().equals("Kept")
                        && versions.stableRevision().equals(green.revision()));
                demo.apply(manifest(BETTER, BLUE_GREEN + "abort: " + green.revision()));
                demo.awaitVersions(versions -> versions.phase().equals("Aborted")
                        && versions.stableRevision().equals(blue.revision()));
            });
            demo.everyPostOnce(seen.lostNothing());
        }
    }

    private static String manifest(String env, String rollout) {
        return """
                apiVersion: tickstorm.io/v1alpha1
                kind: TickStormCluster
                metadata: {name: demo}
                spec:
                  backend:
                    replicas: 2
                    env: %s
                    rollout:
                %s
                """.formatted(env, rollout.indent(6));
    }
}
