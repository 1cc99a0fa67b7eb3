package io.tickstorm.operator.desired;

import io.tickstorm.proxy.settings.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which part of the resource each part of a proxy's configuration was made from, so that what the proxy's reader refuses can be told where the user wrote it. */
final class Origins {
    private static final String ROOT = "spec.loadBalancer";

    private final Map<String, String> byPath = new HashMap<>();
    private final Map<String, String> missing = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /**
     * What is at the path comes from the key beside it.
     *
     * @param ifMissing what to say of that key where the proxy's reader says that something is missing
     */
    void put(String path, String sibling, String ifMissing) {
        put(path, sibling);
        missing.put(path, ifMissing);
    }

    /** What is at the path comes from the key beside it. */
    void put(String path, String sibling) {
        byPath.put(path, of(path.substring(0, path.lastIndexOf('.'))) + '.' + sibling);
    }

    /** What is at the path comes from there, {@code from} being under {@code spec.loadBalancer}. */
    void from(String path, String from) {
        byPath.put(path, from.isEmpty() ? ROOT : ROOT + '.' + from);
    }

    /** Notes what is wrong with what became the part of the configuration at this path. */
    void problem(String path, String message) {
        problems.add(new Problem(of(path), 0, message));
    }

    /** With paths of the resource. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** A problem of the configuration as one of the resource. */
    Problem of(Problem problem) {
        var hint = problem.message().startsWith("missing") ? missing.get(problem.path()) : null;
        return new Problem(of(problem.path()), 0, hint == null ? problem.message() : hint);
    }

    /** The path in the resource: that of the nearest part around it whose origin is known, and the rest as it is. */
    String of(String path) {
        for (int end = path.length();
                end > 0;
                end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1))) {
            var known = byPath.get(path.substring(0, end));
            if (known != null) {
                return known + path.substring(end);
            }
        }
        return path.isEmpty() ? ROOT : ROOT + '.' + path;
    }
}
