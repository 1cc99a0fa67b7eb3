package io.tickstorm.labs.lab;

import io.tickstorm.labs.Recording;
import io.tickstorm.labs.stage.Autoscaler;
import io.tickstorm.labs.stage.Fleet;
import io.tickstorm.labs.stage.Proxy;
import io.tickstorm.operator.telemetry.Telemetry;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * What becomes of pods that an autoscaler numbers by their connections, written down at each look.
 *
 * @param name of their backend in the proxy's configuration, and the beginning of the names of what is written down
 */
record Day(Recording recording, Telemetry telemetry, Proxy proxy, String name, Fleet pods, Autoscaler autoscaler) {
    private static final int SECONDS = 60;

    void look(double minute) throws IOException {
        var connections = Fleet.inFlight(telemetry, proxy, name);
        var mean = connections.stream().mapToLong(Long::longValue).sum() / (double) pods.size();
        var averages = Map.of(Scaling.CONNECTIONS, mean);
        recording.point(name + " asked", minute, autoscaler.asked(pods.size(), averages));
        recording.point(name + " pods", minute, pods.size());
        recording.point(
                name + " fullest",
                minute,
                connections.stream().mapToLong(Long::longValue).max().orElse(0));
        pods.scale(autoscaler.look(Duration.ofSeconds(Math.round(minute * SECONDS)), pods.size(), averages));
    }
}
