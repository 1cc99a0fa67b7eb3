package io.tickstorm.proxy.config;

import io.tickstorm.proxy.listener.BackendShare;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.settings.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the parts of one configuration must not say about each other; told while it is read. */
final class References {
    private final Map<String, String> backends = new LinkedHashMap<>();
    private final Map<String, String> listeners = new LinkedHashMap<>();
    private final List<Claim> claims = new ArrayList<>();

    private record Claim(String address, int port, String path) {
        boolean meets(String otherAddress, int otherPort) {
            return port == otherPort
                    && (address.equals(otherAddress) || everywhere(address) || everywhere(otherAddress));
        }

        private static boolean everywhere(String address) {
            return address.equals(ListenerSettings.ANY_ADDRESS) || address.equals("::");
        }
    }

    BackendConfig backend(Section section) {
        var backend = BackendConfig.read(section);
        unique(section, backend.name(), backends);
        return backend;
    }

    /** To be read after all backends. */
    ListenerSettings listener(Section section) {
        var listener = ListenerSettings.read(section);
        unique(section, listener.name(), listeners);
        claim(section, listener.address(), listener.port());
        known(section, section.has("backends") ? "backends" : "backend", listener.backends());
        for (int i = 0; i < listener.routes().size(); i++) {
            var shares = listener.routes().get(i).backends();
            known(section, "routes[" + i + "].backend" + (shares.size() > 1 ? "s" : ""), shares);
        }
        return listener;
    }

    private void known(Section section, String key, List<BackendShare> shares) {
        for (var share : shares) {
            if (!share.name().isEmpty() && !backends.containsKey(share.name())) {
                var names = backends.isEmpty() ? "there is none" : String.join(" or ", backends.keySet());
                section.problem(key, '"' + share.name() + "\" (expected: the name of a backend, " + names + ")");
            }
        }
    }

    Bind bind(Section section, Bind fallback) {
        var bind = Bind.read(section, fallback);
        claim(section, bind.address(), bind.port());
        return bind;
    }

    private static void unique(Section section, String name, Map<String, String> paths) {
        var first = name.isEmpty() ? null : paths.putIfAbsent(name, section.path());
        if (first != null) {
            section.problem("name", '"' + name + "\" (expected: a name of its own, " + first + " has this one)");
        }
    }

    private void claim(Section section, String address, int port) {
        if (port == 0) {
            return;
        }
        for (var claim : claims) {
            if (claim.meets(address, port)) {
                section.problem("port", port + " (expected: a port of its own, " + claim.path() + " has this one)");
                return;
            }
        }
        claims.add(new Claim(address, port, section.path()));
    }
}
