package io.tickstorm.cli.fleet;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A proxy and what it told.
 *
 * @param state null if it did not answer; then {@code silence} says why
 */
public record Proxy(Pod pod, @Nullable ProxyState state, String silence) {
    public String name() {
        return pod.name();
    }

    Map<String, Object> tree() {
        var tree = new LinkedHashMap<>(pod.tree());
        tree.put("answers", state != null);
        tree.put("silence", state == null ? silence : null);
        if (state != null) {
            tree.put("draining", state.draining());
            tree.put("connections", state.connections());
            tree.put("totalConnections", state.totalConnections());
            tree.put("configurationHash", state.hash());
            tree.put("configurationProblems", state.problems());
        }
        return tree;
    }
}
