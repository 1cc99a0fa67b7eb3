package io.tickstorm.proxy.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is near, as kube-proxy reads the hints of EndpointSlices: they count only if every endpoint that could get work
 * carries one and one of them at least is for our zone. Otherwise the hints are half written, and everyone is near.
 *
 * <p>Source: CategorizeEndpoints and topologyModeFromHints of kube-proxy.
 */
final class ZoneHints {
    private ZoneHints() {}

    /**
     * Those hinted to our zone, or all.
     *
     * @param zone where this proxy runs; null = not known, or hints are not heeded
     */
    static List<Member> near(List<Member> members, @Nullable String zone) {
        if (zone == null
                || members.stream()
                        .anyMatch(member ->
                                member.upstream().endpoint().hintedZones().isEmpty())) {
            return members;
        }
        var near = members.stream()
                .filter(member -> member.upstream().endpoint().hintedZones().contains(zone))
                .toList();
        return near.isEmpty() ? members : near;
    }
}
