package io.tickstorm.proxy.route;

import java.util.Map;

/** What must hold for a route to be taken: all that is given. There is one kind for each protocol. */
public sealed interface Conditions permits HttpConditions, ServerNames {
    /** The keys and values of a configuration that say so. */
    Map<String, Object> toMap();
}
