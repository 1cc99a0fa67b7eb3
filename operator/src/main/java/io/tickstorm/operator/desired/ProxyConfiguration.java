package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.settings.Yaml;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;

/** The proxies' configuration, {@code proxy.yaml}: the resource's words for listeners and backends are the proxy's own and go over as they are. */
public final class ProxyConfiguration {
    private ProxyConfiguration() {}

    /** The configuration of the proxies in Kubernetes: they find their endpoints by the slices of the backend Services, and share what comes in among the versions that run. */
    static String forKubernetes(TickStormCluster cluster, Tracks tracks) {
        return Yaml.write(forKubernetesAsTree(cluster, tracks));
    }

    /** What of it a proxy reads only when it starts. */
    static String fixed(TickStormCluster cluster, Tracks tracks) {
        var fixed = forKubernetesAsTree(cluster, tracks);
        fixed.keySet().retainAll(ProxyConfig.FIXED_AT_START);
        return Yaml.write(fixed);
    }

    private static Map<String, Object> forKubernetesAsTree(TickStormCluster cluster, Tracks tracks) {
        return tree(cluster, port -> tracks.shares(cluster, port));
    }

    /**
     * The configuration as a tree that may be changed.
     *
     * @param cluster without problems
     * @param sources from the name of a backend port to those that serve it, one at least; where several do, what comes in is shared by their weights
     */
    public static Map<String, Object> tree(TickStormCluster cluster, Function<String, List<Share>> sources) {
        return Translation.of(cluster.getSpec(), sources).tree();
    }

    /** The keys of Secrets that the configuration names as files, by the names of the Secrets. */
    public static SortedMap<String, SortedSet<String>> secrets(TickStormCluster cluster) {
        return Translation.of(cluster.getSpec(), Translation::anywhere).secrets();
    }
}
