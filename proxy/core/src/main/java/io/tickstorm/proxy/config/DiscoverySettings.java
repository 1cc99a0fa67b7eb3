package io.tickstorm.proxy.config;

import io.tickstorm.proxy.endpoint.IpFamily;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the endpoints of a backend come from. */
public sealed interface DiscoverySettings
        permits DiscoverySettings.Static, DiscoverySettings.File, DiscoverySettings.Kubernetes, DnsSettings {
    /** The kinds, as a configuration names them. */
    List<String> KINDS = List.of("static", "file", "kubernetes", "dns");

    /** The section as a configuration has it: one key that says the kind. */
    Map<String, Object> toMap();

    /** Endpoints written in the configuration; they change when it does. */
    record Static(List<StaticEndpoint> endpoints) implements DiscoverySettings {
        public Static {
            endpoints = List.copyOf(endpoints);
        }

        @Override
        public Map<String, Object> toMap() {
            return Map.of(
                    "static", endpoints.stream().map(StaticEndpoint::toMap).toList());
        }
    }

    /**
     * A file that others write, by rename, and that is watched.
     *
     * @param path relative paths are relative to the configuration file
     * @param port the name of the port among those of each endpoint; null = each has just one
     */
    record File(String path, @Nullable String port) implements DiscoverySettings {
        static File read(Section section) {
            return new File(section.text("path", Syntax.anything()), section.optionalText("port", Syntax.label()));
        }

        @Override
        public Map<String, Object> toMap() {
            var map = new LinkedHashMap<String, Object>();
            map.put("path", path);
            if (port != null) {
                map.put("port", port);
            }
            return Map.of("file", map);
        }
    }

    /**
     * The EndpointSlices of a Service.
     *
     * @param namespace null = the one that the proxy runs in
     * @param port the name of the Service's port; null = the only one, which has no name
     * @param ipFamily of a Service that has both
     */
    record Kubernetes(
            String service,
            @Nullable String namespace,
            @Nullable String port,
            IpFamily ipFamily) implements DiscoverySettings {

        static Kubernetes read(Section section) {
            return new Kubernetes(
                    section.text("service", Syntax.label()),
                    section.optionalText("namespace", Syntax.label()),
                    section.optionalText("port", Syntax.label()),
                    section.enumeration("ipFamily", IpFamily.PREFER_IPV4));
        }

        @Override
        public Map<String, Object> toMap() {
            var map = new LinkedHashMap<String, Object>();
            map.put("service", service);
            if (namespace != null) {
                map.put("namespace", namespace);
            }
            if (port != null) {
                map.put("port", port);
            }
            map.put("ipFamily", ipFamily.toString());
            return Map.of("kubernetes", map);
        }
    }

    static DiscoverySettings read(Section section) {
        var kinds = KINDS.stream().filter(section::has).toList();
        if (kinds.size() != 1) {
            section.problem((kinds.isEmpty() ? "nothing" : String.join(" and ", kinds)) + " (expected: exactly one of "
                    + String.join(", ", KINDS) + ")");
        }
        var file = section.optionalSection("file", File::read);
        var kubernetes = section.optionalSection("kubernetes", Kubernetes::read);
        var dns = section.optionalSection("dns", DnsSettings::read);
        var endpoints = section.list("static", StaticEndpoint.SYNTAX, StaticEndpoint::read);
        unique(endpoints, section);
        if (file != null) {
            return file;
        }
        if (dns != null) {
            return dns;
        }
        return kubernetes != null ? kubernetes : new Static(endpoints);
    }

    private static void unique(List<StaticEndpoint> endpoints, Section section) {
        var seen = new HashSet<String>();
        for (var endpoint : endpoints) {
            var address = endpoint.endpoint().id().address();
            if (!seen.add(address)) {
                section.problem("static", address + " twice (expected: each endpoint once)");
            }
        }
    }
}
