package io.tickstorm.operator.local;

import io.tickstorm.operator.desired.Component;
import java.util.List;
import java.util.Map;

/**
 * A cluster at one moment.
 *
 * @param wanted replicas of each component
 * @param nodePorts on 127.0.0.1, by the name of the listener
 * @param replicas those that were told to go included, until they are gone
 */
public record LocalStatus(
        String cluster, Map<Component, Integer> wanted, Map<String, Integer> nodePorts, List<ReplicaStatus> replicas) {

    /** Whether exactly the wanted replicas are there, of the wanted revision, and ready. */
    public boolean settled() {
        return wanted.entrySet().stream().allMatch(want -> {
            var there = of(want.getKey());
            return there.size() == want.getValue()
                    && there.stream().allMatch(replica -> replica.current() && replica.available());
        });
    }

    /** The replicas of one component. */
    public List<ReplicaStatus> of(Component component) {
        return replicas.stream()
                .filter(replica -> replica.component() == component)
                .toList();
    }
}
