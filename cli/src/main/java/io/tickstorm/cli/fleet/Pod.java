package io.tickstorm.cli.fleet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod, or a process of a local run, at one moment.
 *
 * @param phase in one word, such as {@code Running} or {@code CrashLoopBackOff}
 * @param ending whether it was told to end
 * @param ip null before it has one, and of a process of this machine
 * @param ports of a process of this machine, by name; a pod has the ports that its proxy always has
 * @param troubles why it is not as it should be, one line each
 */
public record Pod(
        String name,
        Role role,
        boolean ready,
        String phase,
        boolean ending,
        @Nullable String node,
        @Nullable String ip,
        int restarts,
        Map<String, Integer> ports,
        List<String> troubles) {

    public Pod {
        ports = Map.copyOf(ports);
        troubles = List.copyOf(troubles);
    }

    /** For {@code -o json}. */
    Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", name);
        tree.put("ready", ready);
        tree.put("phase", phase);
        tree.put("ending", ending);
        tree.put("node", node);
        tree.put("restarts", restarts);
        tree.put("troubles", troubles);
        return tree;
    }
}
