package io.tickstorm.e2e;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Every object of a cluster that somebody could delete, as {@code kind namespace name}; but no events, which come and go by themselves. */
final class Inventory {
    private static final String COLUMNS = "custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name";

    private final Command tools;

    Inventory(Cluster cluster) {
        this.tools = cluster.command();
    }

    Set<String> take() {
        var resources = tools.run("kubectl", "api-resources", "--verbs=list,delete", "-o", "name")
                .lines()
                .filter(Predicate.not(resource -> resource.startsWith("events")))
                .collect(Collectors.joining(","));
        return tools.run("kubectl", "get", resources, "--all-namespaces", "--no-headers", "-o", COLUMNS)
                .lines()
                .map(line -> String.join(" ", line.strip().split(" +")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What is there now and was not before. */
    Set<String> since(Set<String> before) {
        var more = take();
        more.removeAll(before);
        return more;
    }
}
