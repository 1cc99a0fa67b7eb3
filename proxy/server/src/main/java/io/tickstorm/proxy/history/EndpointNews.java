package io.tickstorm.proxy.history;

import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What discovery has changed, told for each endpoint while they are few, and as a number when they are many. */
public final class EndpointNews {
    /** So that a scaling from 3 to 300 does not push all else out of the time line. */
    private static final int FEW = 3;

    private final Timeline timeline;
    private final String backend;

    public EndpointNews(Timeline timeline, String backend) {
        this.timeline = timeline;
        this.backend = backend;
    }

    /** Tells what is different after a change. */
    public void tell(EndpointSet before, EndpointSet after) {
        var changes = new EnumMap<Kind, List<Endpoint>>(Kind.class);
        var known = new HashMap<EndpointId, Endpoint>();
        before.endpoints().forEach(endpoint -> known.put(endpoint.id(), endpoint));
        for (var endpoint : after.endpoints()) {
            var old = known.remove(endpoint.id());
            if (old == null) {
                put(changes, endpoint.condition() == Condition.ACTIVE ? Kind.CAME : kind(endpoint), endpoint);
            } else if (old.condition() != endpoint.condition()) {
                put(changes, kind(endpoint), endpoint);
            }
        }
        known.values().forEach(gone -> put(changes, Kind.LEFT, gone));
        changes.forEach(this::tell);
    }

    private static Kind kind(Endpoint endpoint) {
        return switch (endpoint.condition()) {
            case ACTIVE -> Kind.READY;
            case DRAINING -> Kind.DRAINING;
            case NOT_READY -> Kind.NOT_READY;
        };
    }

    private static void put(Map<Kind, List<Endpoint>> changes, Kind kind, Endpoint endpoint) {
        changes.computeIfAbsent(kind, fresh -> new ArrayList<>()).add(endpoint);
    }

    private void tell(Kind kind, List<Endpoint> endpoints) {
        if (endpoints.size() > FEW) {
            timeline.add(kind, backend, endpoints.size() + " endpoints " + words(kind) + ", " + few(endpoints));
        } else {
            endpoints.forEach(endpoint -> timeline.add(kind, backend, name(endpoint) + " " + words(kind)));
        }
    }

    private static String words(Kind kind) {
        return switch (kind) {
            case CAME -> "came";
            case LEFT -> "left";
            case NOT_READY -> "cannot serve now, as discovery says";
            case DRAINING -> "will end, as discovery says: no new work";
            default -> "can serve, as discovery says";
        };
    }

    private static String few(List<Endpoint> endpoints) {
        return endpoints.stream().limit(FEW).map(Endpoint::name).collect(Collectors.joining(", ")) + " …";
    }

    private static String name(Endpoint endpoint) {
        return endpoint.name() + " (" + endpoint.id().address() + ")";
    }
}
