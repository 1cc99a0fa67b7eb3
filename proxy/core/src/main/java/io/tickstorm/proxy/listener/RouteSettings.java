package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.route.Conditions;
import io.tickstorm.proxy.route.HttpConditions;
import io.tickstorm.proxy.route.ServerNames;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where some of what comes in goes.
 *
 * @param name for people, unique among the routes of a listener; empty if it has none
 * @param conditions those of the listener's protocol
 * @param backends who gets it; at least one
 */
public record RouteSettings(String name, Conditions conditions, List<BackendShare> backends) {
    private static final int MOST_ROUTES = 4_096;

    public RouteSettings {
        backends = List.copyOf(backends);
    }

    /** Reads {@code routes} of a listener of this protocol. */
    static List<RouteSettings> readAll(Section listener, Protocol protocol) {
        var names = new HashMap<String, String>();
        var conditions = new HashMap<Conditions, String>();
        var routes = listener.list("routes", section -> {
            var route = read(section, protocol);
            var namesake = route.name().isEmpty() ? null : names.putIfAbsent(route.name(), section.path());
            if (namesake != null) {
                section.problem(
                        "name", '"' + route.name() + "\" (expected: a name of its own, " + namesake + " has this one)");
            }
            var same = conditions.putIfAbsent(route.conditions(), section.path());
            if (same != null) {
                section.problem("never taken (expected: other conditions than those of " + same + ")");
            }
            return route;
        });
        if (routes.size() > MOST_ROUTES) {
            listener.problem("routes", routes.size() + " (expected: at most " + MOST_ROUTES + ")");
        }
        return routes;
    }

    private static RouteSettings read(Section section, Protocol protocol) {
        return new RouteSettings(
                section.text("name", Syntax.name(), ""),
                switch (protocol) {
                    case HTTP -> HttpConditions.read(section);
                    case TCP -> ServerNames.read(section);
                },
                BackendShare.read(section));
    }

    Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        if (!name.isEmpty()) {
            map.put("name", name);
        }
        map.putAll(conditions.toMap());
        BackendShare.put(map, backends);
        return map;
    }
}
