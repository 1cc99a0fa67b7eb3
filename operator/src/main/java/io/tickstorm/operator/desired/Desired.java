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
        var tracks = situation.tracks(cluster);
        objects.add(Proxies.configuration(cluster, tracks));
        // The Services come before the pods: node ports that are taken show before anything runs, and slices are there
        // when the proxies look.
        for (var track : tracks.running()) {
            objects.add(Backends.service(track.in(cluster), track.slot().component()));
        }
        if (tracks.preview() != null) {
            objects.add(Backends.preview(cluster, tracks.preview()));
        }
        objects.add(FrontService.of(cluster));
        objects.addAll(SideServices.of(cluster));
        objects.addAll(NetworkPolicies.of(cluster, tracks));
        for (var track : tracks.running()) {
            objects.add(Backends.deployment(cluster, track, defaults));
        }
        objects.add(Proxies.deployment(cluster, tracks, defaults));
        if (cluster.getSpec().availability().disruptionBudget().enabled()) {
            for (var track : tracks.running()) {
                objects.add(Rollout.disruptionBudget(cluster, track.slot().component()));
            }
            objects.add(Rollout.disruptionBudget(cluster, Component.PROXY));
        }
        for (var track : tracks.running()) {
            if (track.slot() == tracks.active()) {
                autoscaler(track.in(cluster), track.slot().component(), situation, tracks.floor(), objects);
            }
        }
        autoscaler(cluster, Component.PROXY, situation, 0, objects);
        objects.addAll(Monitors.of(cluster, situation.surroundings()));
        return List.copyOf(objects);
    }

    private static void autoscaler(
            TickStormCluster cluster, Component component, Situation situation, int floor, List<HasMetadata> objects) {
        var scaling = Autoscalers.enabled(cluster, component);
        if (scaling != null) {
            objects.add(Autoscalers.of(cluster, component, scaling, situation.surroundings(), floor));
        }
    }
}
