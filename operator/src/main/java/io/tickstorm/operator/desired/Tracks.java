package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.TickStormCluster;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The versions of the backends that run: one, or two while they change.
 *
 * @param active the slot whose number of pods follows the load where autoscaling is on
 * @param running one for each slot that has pods, the active one among them; weights that add up to 100
 * @param floor fewest pods that an autoscaler may leave the active one, so that it can take back what it gave away; 0 = as the resource says
 * @param preview whose pods the preview Service finds; null = there is no such Service
 */
public record Tracks(
        Slot active,
        List<Track> running,
        int floor,
        @Nullable Slot preview) {
    private static final int ALL = 100;

    public Tracks {
        running = List.copyOf(running);
    }

    /** Just what the resource asks for, in the first slot. */
    public static Tracks of(TickStormCluster cluster, Defaults defaults) {
        var version = Version.of(cluster.getSpec().backend(), defaults);
        var replicas = Autoscalers.initialReplicas(cluster, Component.BACKEND);
        return new Tracks(Slot.BLUE, List.of(new Track(Slot.BLUE, version, replicas, ALL)), 0, null);
    }

    /**
     * Who serves a port of the wanted version, and how much of it. A version that has no such port, even under another name, gets nothing of it; if none of those with a
     * weight has it, all goes to the one that has.
     */
    List<Share> shares(TickStormCluster cluster, String port) {
        var namespace = String.valueOf(cluster.getMetadata().getNamespace());
        var shares = new ArrayList<Share>();
        for (var track : running) {
            var name = track.version().portFor(port, cluster.getSpec().backend());
            if (name != null) {
                shares.add(Share.ofService(
                        track.slot().backend(port),
                        track.slot().component().nameIn(cluster),
                        namespace,
                        name,
                        track.weight()));
            }
        }
        if (shares.stream().allMatch(share -> share.weight() == 0)) {
            return shares.stream()
                    .limit(1)
                    .map(share -> new Share(share.backend(), share.discovery(), ALL))
                    .toList();
        }
        return List.copyOf(shares);
    }
}
