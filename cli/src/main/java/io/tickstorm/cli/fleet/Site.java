package io.tickstorm.cli.fleet;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster before its proxies are asked.
 *
 * @param resource the {@code TickStormCluster} as the API server has it; null where there is none, as in a local run
 * @param pods proxies and backends
 */
public record Site(String cluster, @Nullable JsonObject resource, List<Pod> pods) {
    public Site {
        pods = List.copyOf(pods);
    }

    public List<Pod> proxies() {
        return pods.stream().filter(pod -> pod.role() == Role.PROXY).toList();
    }
}
