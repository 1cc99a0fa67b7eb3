package io.tickstorm.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The release of the Helm chart that installs the operator, as a user installs, upgrades and removes it. */
final class Chart {
    static final String NAMESPACE = "tickstorm-system";
    /** The checkout. */
    static final Path ROOT = Path.of(System.getProperty("tickstorm.root"));

    static final Path CURRENT = ROOT.resolve("helm").resolve("tickstorm");

    private static final String RELEASE = "tickstorm";

    private final Command tools;
    private final String namespace;

    /** In a namespace of its own. */
    Chart(Cluster cluster) {
        this(cluster, NAMESPACE);
    }

    Chart(Cluster cluster, String namespace) {
        this.tools = cluster.command();
        this.namespace = namespace;
    }

    /** Installs the chart of this checkout, or upgrades to it what is there; the operator is ready afterwards. */
    void install(String... settings) {
        install(CURRENT, settings);
    }

    /** As {@link #install(String...)}, with another chart: a folder or an archive. */
    void install(Path chart, String... settings) {
        var words = upgrade(chart, settings);
        words.addAll(List.of("--wait", "--timeout", "3m"));
        helm(words.toArray(String[]::new));
    }

    /** Returns when Helm has no more to do, whether the operator is ready or not. Throws an {@link AssertionError} with what Helm says. */
    void installAtOnce(String... settings) {
        helm(upgrade(CURRENT, settings).toArray(String[]::new));
    }

    private List<String> upgrade(Path chart, String... settings) {
        var words = new ArrayList<>(List.of("upgrade", "--install", RELEASE, chart.toString()));
        words.addAll(List.of("--namespace", namespace, "--create-namespace"));
        for (var setting : settings) {
            words.addAll(List.of("--set", setting));
        }
        return words;
    }

    void rollback(int revision) {
        helm("rollback", RELEASE, Integer.toString(revision), "--namespace", namespace, "--wait", "--timeout", "3m");
    }

    /** What {@code helm test} prints; it passes. */
    String test() {
        return helm("test", RELEASE, "--namespace", namespace, "--timeout", "3m");
    }

    void uninstall() {
        helm("uninstall", RELEASE, "--namespace", namespace, "--wait", "--timeout", "3m", "--ignore-not-found");
    }

    /** Removes whatever there is of any version, the definition of the resource with every cluster included; the namespace stays, empty. */
    void purge() {
        uninstall();
        kubectl("delete", "crd", "--ignore-not-found", "--timeout=120s", "tickstormclusters.tickstorm.io");
        kubectl("delete", "namespace", namespace, "--ignore-not-found", "--timeout=120s");
        kubectl("create", "namespace", namespace);
        // what every namespace has, but not at once
        kubectl("wait", "--for=create", "configmap/kube-root-ca.crt", "serviceaccount/default", "-n", namespace);
    }

    private String kubectl(String... words) {
        return tools.run(new String[] {"kubectl"}, words);
    }

    private String helm(String... words) {
        return tools.run(new String[] {"helm"}, words);
    }
}
