package io.tickstorm.proxy.endpoint;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One place that serves a backend, as discovery describes it.
 *
 * @param name for people, for example the pod's name
 * @param zone the topology zone, if known
 * @param weight its share of the work relative to the others, 1..1,000,000 as the Gateway API has it
 * @param node the node it runs on, if known
 * @param hintedZones the zones whose traffic it should get, as an EndpointSlice hints; empty = no hint
 */
public record Endpoint(
        EndpointId id,
        String name,
        @Nullable String zone,
        int weight,
        Condition condition,
        @Nullable String node,
        Set<String> hintedZones) {
    public static final int MIN_WEIGHT = 1;
    public static final int MAX_WEIGHT = 1_000_000;

    public Endpoint {
        if (weight < MIN_WEIGHT || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight: " + weight + " (expected: " + MIN_WEIGHT + ".." + MAX_WEIGHT + ") of " + name);
        }
        hintedZones = Set.copyOf(hintedZones);
    }

    /** One without a hint. */
    public Endpoint(
            EndpointId id, String name, @Nullable String zone, int weight, Condition condition, @Nullable String node) {
        this(id, name, zone, weight, condition, node, Set.of());
    }

    /** An ACTIVE endpoint of weight 1 whose zone and node are not known. */
    public static Endpoint active(EndpointId id, String name) {
        return new Endpoint(id, name, null, 1, Condition.ACTIVE, null);
    }

    public Endpoint with(Condition changed) {
        return new Endpoint(id, name, zone, weight, changed, node, hintedZones);
    }
}
