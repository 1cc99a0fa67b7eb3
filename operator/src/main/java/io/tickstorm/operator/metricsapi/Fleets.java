package io.tickstorm.operator.metricsapi;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.desired.Proxies;
import io.tickstorm.operator.telemetry.ProxyAddress;
import io.tickstorm.operator.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the proxies of clusters, each cluster once in 5 s at most, however many ask for it. Thread-safe; blocks. */
final class Fleets {
    private static final Logger log = LoggerFactory.getLogger(Fleets.class);
    static final Duration FRESH = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final Telemetry telemetry;
    private final InstantSource clock;
    private final Map<Cluster, Asked> asked = new ConcurrentHashMap<>();

    Fleets(KubernetesClient client, Telemetry telemetry, InstantSource clock) {
        this.client = client;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    record Cluster(String namespace, String name) {}

    private record Asked(Instant at, CompletableFuture<Fleet> fleet) {}

    /** @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server does not say which proxies there are */
    Fleet of(Cluster cluster) {
        var now = clock.instant();
        var mine = new Asked(now, new CompletableFuture<>());
        asked.values().removeIf(earlier -> !now.isBefore(earlier.at().plus(FRESH)));
        var running = asked.putIfAbsent(cluster, mine);
        if (running == null) {
            ask(cluster, mine);
        }
        try {
            return (running == null ? mine : running).fleet().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void ask(Cluster cluster, Asked asking) {
        try {
            var fleet = ask(cluster);
            if (!fleet.missing().isEmpty()) {
                log.info(
                        "{}/{}: connections of backends are not known, because {} do not answer",
                        cluster.namespace(),
                        cluster.name(),
                        fleet.missing());
            }
            asking.fleet().complete(fleet);
        } catch (RuntimeException e) {
            asked.remove(cluster, asking);
            asking.fleet().completeExceptionally(e);
        }
    }

    private Fleet ask(Cluster cluster) {
        var proxies = running(
                cluster.namespace(),
                Component.CLUSTER_LABEL + "=" + cluster.name() + "," + Component.COMPONENT_LABEL + "="
                        + Component.PROXY.word());
        var addresses = proxies.stream()
                .map(pod -> new ProxyAddress(
                        pod.getMetadata().getName(), pod.getStatus().getPodIP(), Proxies.METRICS_PORT))
                .toList();
        return Fleet.of(telemetry.ask(addresses), proxies);
    }

    /** The pods that run and have an address. */
    List<Pod> running(String namespace, String selector) {
        var options = new ListOptionsBuilder()
                .withLabelSelector(selector)
                // What the API server has in memory is new enough, and costs it next to nothing.
                .withResourceVersion("0")
                .build();
        return client.pods().inNamespace(namespace).list(options).getItems().stream()
                .filter(pod -> pod.getStatus() != null
                        && "Running".equals(pod.getStatus().getPhase())
                        && pod.getStatus().getPodIP() != null)
                .toList();
    }
}
