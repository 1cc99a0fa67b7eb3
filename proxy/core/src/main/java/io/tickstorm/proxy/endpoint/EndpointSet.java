package io.tickstorm.proxy.endpoint;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * All endpoints of a backend at one moment, each id once, in the order in which they were given.
 *
 * <p>While Kubernetes moves an endpoint between slices it may be in two of them, and only one is up to date. Termination
 * is never taken back, so DRAINING wins; otherwise the later one does.
 */
public record EndpointSet(List<Endpoint> endpoints) {
    public static final EndpointSet EMPTY = new EndpointSet(List.of());

    public EndpointSet {
        endpoints = distinct(endpoints);
    }

    public static EndpointSet of(Endpoint... endpoints) {
        return new EndpointSet(List.of(endpoints));
    }

    private static List<Endpoint> distinct(Collection<Endpoint> endpoints) {
        var byId = LinkedHashMap.<EndpointId, Endpoint>newLinkedHashMap(endpoints.size());
        for (var endpoint : endpoints) {
            byId.merge(
                    endpoint.id(),
                    endpoint,
                    (earlier, later) -> earlier.condition() == Condition.DRAINING ? earlier : later);
        }
        return List.copyOf(byId.values());
    }
}
