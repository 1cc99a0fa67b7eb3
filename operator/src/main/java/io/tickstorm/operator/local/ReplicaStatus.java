package io.tickstorm.operator.local;

import io.tickstorm.operator.desired.Component;
import java.util.Map;

/**
 * One replica at one moment.
 *
 * @param available whether it is ready, and everybody who has to know has heard of it
 * @param current whether it is of the revision that is wanted
 * @param pid 0 while no process runs
 * @param ports on 127.0.0.1, by name
 * @param restarts how often its process was started again
 */
public record ReplicaStatus(
        String name,
        Component component,
        Phase phase,
        boolean available,
        boolean current,
        long pid,
        Map<String, Integer> ports,
        int restarts) {}
