package io.tickstorm.operator.metricsapi;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Who asks, as the API server has found out.
 *
 * @param uid empty if it has none
 * @param extra what else is known of them, for whoever decides what they may
 */
record Caller(String user, String uid, List<String> groups, Map<String, List<String>> extra) {
    /** What the API server does in its own name is permitted without asking it. */
    private static final String MASTERS = "system:masters";

    private static final String AUTHENTICATED = "system:authenticated";
    private static final String UNAUTHENTICATED = "system:unauthenticated";
    private static final String ANONYMOUS = "system:anonymous";

    /**
     * Whoever the API server names is authenticated, but it does not say so of itself: it looks what we serve without any group, and would take what it may not read for
     * something that is not there. The API server's own library adds the group just so.
     */
    Caller {
        groups = withAuthenticated(user, groups);
        extra = Map.copyOf(extra);
    }

    private static List<String> withAuthenticated(String user, List<String> groups) {
        if (user.equals(ANONYMOUS) || groups.contains(AUTHENTICATED) || groups.contains(UNAUTHENTICATED)) {
            return List.copyOf(groups);
        }
        return Stream.concat(groups.stream(), Stream.of(AUTHENTICATED)).toList();
    }

    boolean mayAll() {
        return groups.contains(MASTERS);
    }
}
