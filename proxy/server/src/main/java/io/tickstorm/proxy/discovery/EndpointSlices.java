package io.tickstorm.proxy.discovery;

import static java.util.Comparator.comparing;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.IpFamily;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From the slices of one service to its endpoints; pure.
 *
 * <p>An endpoint may be in two slices while it is moved, and a dual-stack service has every pod once per address family.
 * Sources: the Kubernetes API's EndpointSlice v1 (what an absent condition means), KEP-1672 (terminating endpoints).
 */
final class EndpointSlices {
    private EndpointSlices() {}

    /**
     * The endpoints of all slices, in the order of the slices' names, all of one family: a service has slices of its own for
     * each, and a choice by pod would flap, since the two are written one after the other. FQDN slices are left out: their
     * names would have to be resolved, and nothing writes them for pods.
     *
     * @param port the name of the service's port; empty for a port without a name. A slice without it has no endpoints.
     */
    static EndpointSet endpoints(Collection<EndpointSlice> slices, String port, IpFamily family) {
        for (var type : family.order("IPv4", "IPv6")) {
            var found = ofType(slices, type, port);
            if (!found.isEmpty()) {
                return new EndpointSet(found);
            }
        }
        return EndpointSet.EMPTY;
    }

    private static List<Endpoint> ofType(Collection<EndpointSlice> slices, String type, String port) {
        var byAddress = new LinkedHashMap<String, Found>();
        slices.stream()
                .filter(slice -> type.equals(slice.getAddressType()))
                .sorted(comparing(slice -> slice.getMetadata().getName()))
                .forEach(slice -> {
                    var number = portNumber(slice, port);
                    if (number != null) {
                        collect(slice, number, byAddress);
                    }
                });
        return byAddress.values().stream().map(Found::endpoint).toList();
    }

    private static void collect(EndpointSlice slice, int port, LinkedHashMap<String, Found> byAddress) {
        var version = version(slice);
        for (var member : slice.getEndpoints()) {
            if (member.getAddresses().isEmpty()) {
                continue;
            }
            // The API calls the addresses of one endpoint fungible and asks consumers to use the first.
            var host = member.getAddresses().getFirst();
            var target = member.getTargetRef();
            var uid = target == null || target.getUid() == null ? "" : target.getUid();
            var id = new EndpointId(uid, host, port);
            var name = target == null || target.getName() == null ? id.address() : target.getName();
            var conditions = Objects.requireNonNullElseGet(member.getConditions(), EndpointConditions::new);
            var endpoint = new Endpoint(
                    id, name, member.getZone(), 1, condition(conditions), member.getNodeName(), hintedZones(member));
            byAddress.merge(id.address(), new Found(endpoint, terminating(conditions), version), EndpointSlices::truer);
        }
    }

    /**
     * Which of two entries for one address to believe. Of one pod: the one that knows of its end, since that is never
     * taken back. Of two pods the address has passed from one to the other: the one that is not about to end.
     */
    private static Found truer(Found one, Found other) {
        var samePod = one.endpoint().id().equals(other.endpoint().id());
        if (one.terminating() != other.terminating()) {
            return one.terminating() == samePod ? one : other;
        }
        return other.version() >= one.version() ? other : one;
    }

    /**
     * {@code terminating} comes before {@code ready} and {@code serving} decides, because a service with {@code
     * publishNotReadyAddresses} says {@code ready} of everything.
     */
    private static Condition condition(EndpointConditions conditions) {
        var ready = !Boolean.FALSE.equals(conditions.getReady());
        var serving = conditions.getServing() == null ? ready : conditions.getServing();
        if (!serving) {
            return Condition.NOT_READY;
        }
        if (terminating(conditions)) {
            return Condition.DRAINING;
        }
        return ready ? Condition.ACTIVE : Condition.NOT_READY;
    }

    private static boolean terminating(EndpointConditions conditions) {
        return Boolean.TRUE.equals(conditions.getTerminating());
    }

    private static Set<String> hintedZones(io.fabric8.kubernetes.api.model.discovery.v1.Endpoint member) {
        return member.getHints() == null
                ? Set.of()
                : member.getHints().getForZones().stream().map(ForZone::getName).collect(Collectors.toSet());
    }

    /** Named ports may have another number in every slice, so each slice is asked. */
    private static @Nullable Integer portNumber(EndpointSlice slice, String name) {
        return slice.getPorts().stream()
                .filter(port -> name.equals(Objects.requireNonNullElse(port.getName(), "")))
                .filter(port -> "TCP".equals(Objects.requireNonNullElse(port.getProtocol(), "TCP")))
                .map(EndpointPort::getPort)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Larger is newer: versions are numbers that grow (KEP-5504); 0 where one is not, so that the later name wins. */
    private static long version(EndpointSlice slice) {
        var version = slice.getMetadata().getResourceVersion();
        try {
            return version == null ? 0 : Long.parseLong(version);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    private record Found(Endpoint endpoint, boolean terminating, long version) {}
}
