package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tickstorm.operator.crd.TickStormCluster;
import java.util.ArrayList;
import java.util.List;

/** All objects that should be there for a cluster. */
public final class Desired {
    private Desired() {}

    /**
     * The objects in the order in which they are made: whatever a pod needs is there before it.
     *
     * @param cluster one that {@link Judgement} finds no problem in
     */
    public static List<HasMetadata> of(TickStormCluster cluster, Situation situation) {
        var defaults = situation.defaults();
        var objects = new ArrayList<HasMetadata>();
        objects.add(Access.account(cluster));
        objects.add(Access.role(cluster));
        objects.add(Access.binding(cluster));
        objects.add(Proxies.configuration(cluster));
        // The Services come before the pods: node ports that are taken show before anything runs, and slices are there
        // when the proxies look.
        objects.add(Backends.service(cluster));
        objects.add(FrontService.of(cluster));
        objects.add(Backends.deployment(cluster, defaults));
        objects.add(Proxies.deployment(cluster, defaults));
        for (var component : Component.values()) {
            objects.add(Rollout.disruptionBudget(cluster, component));
            var scaling = Autoscalers.enabled(cluster, component);
            if (scaling != null) {
                objects.add(Autoscalers.of(cluster, component, scaling, situation.surroundings()));
            }
        }
        return List.copyOf(objects);
    }
}
