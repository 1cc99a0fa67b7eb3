package io.tickstorm.e2e;

import org.junit.jupiter.api.Assumptions;

/** Leaves out what a cluster cannot do, and says so on standard output, where a report of skipped tests does not show reasons. */
final class Skip {
    private Skip() {}

    static void unless(boolean possible, String reason) {
        if (!possible) {
            System.out.println("== skipped: " + reason);
        }
        Assumptions.assumeTrue(possible, reason);
    }
}
