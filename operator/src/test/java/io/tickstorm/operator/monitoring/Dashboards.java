package io.tickstorm.operator.monitoring;

import java.util.List;

/** The dashboards: the fleet, from which one goes to one cluster, and from there to a change of its version. */
final class Dashboards {
    private Dashboards() {}

    static List<Dashboard> all() {
        return List.of(FleetDashboard.make(), ClusterDashboard.make(), RolloutDashboard.make());
    }
}
