package io.tickstorm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The chart, from the version before this one to nothing. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ChartE2E {
    /** The tag of the images that belong to the chart before this one. */
    private static final String BEFORE = "previous";

    /** With it the definition of the resource goes as well, and with that every cluster. */
    private static final String KEEP_NOTHING = "crds.keep=false";

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Cluster cluster;
    private final Chart chart;
    private final Demo demo;
    private final Inventory inventory;
    private final Set<String> nothing;

    ChartE2E(Cluster cluster) {
        this.cluster = cluster;
        this.chart = new Chart(cluster);
        this.demo = new Demo(cluster);
        this.inventory = new Inventory(cluster);
        chart.purge();
        this.nothing = inventory.take();
    }

    @AfterAll
    void close() {
        demo.close();
    }

    @Test
    @Order(1)
    void losesNothingWhenTheVersionBeforeIsUpgraded() throws Exception {
        Skip.unless(
                cluster.load(BEFORE),
                "needs the images of the version before, tagged " + BEFORE + " (e2e/previous makes them)");
        chart.install(
                previous(),
                KEEP_NOTHING,
                "image.tag=" + BEFORE,
                "proxy.image.tag=" + BEFORE,
                "backend.image.tag=" + BEFORE);
        demo.apply(Demo.LOGGING);
        demo.awaitReady();
        demo.awaitImages(image -> image.endsWith(":" + BEFORE));

        try (var traffic = new Traffic(cluster)) {
            var seen = traffic.during("helm upgrade from the version before", () -> {
                chart.install(KEEP_NOTHING);
                demo.awaitImages(image -> !image.endsWith(":" + BEFORE));
                demo.rolledOut(Demo.BACKEND);
                demo.rolledOut(Demo.PROXY);
            });
            demo.everyPostOnce(seen.lostNothing());
        }
        demo.awaitReady();
    }

    @Test
    @Order(2)
    void uninstallLeavesNothing() {
        chart.install(KEEP_NOTHING);
        demo.apply(Demo.LOGGING);
        demo.awaitReady();

        chart.uninstall();

        // Children go by garbage collection, pods after their grace period.
        long end = System.nanoTime() + PATIENCE.toNanos();
        var left = inventory.since(nothing);
        while (!left.isEmpty() && System.nanoTime() < end) {
            left = inventory.since(nothing);
        }
        assertThat(left).isEmpty();
    }

    private static Path previous() throws URISyntaxException {
        var archive = Objects.requireNonNull(ChartE2E.class.getResource("/previous-chart.tgz"), "previous-chart.tgz");
        return Path.of(archive.toURI());
    }
}
