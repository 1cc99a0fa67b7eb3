package io.tickstorm.operator.metricsapi;

import java.util.List;
import java.util.Map;

/**
 * Who asks, as the API server has found out.
 *
 * @param uid empty if it has none
 * @param extra what else is known of them, for whoever decides what they may
 */
record Caller(String user, String uid, List<String> groups, Map<String, List<String>> extra) {
    /** What the API server does in its own name is permitted without asking it. */
    private static final String MASTERS = "system:masters";

    Caller {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    boolean mayAll() {
        return groups.contains(MASTERS);
    }
}
