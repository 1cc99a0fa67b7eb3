package io.tickstorm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.cli.load.LoadReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The {@code TickStormCluster} named demo, in the hands of its user: kubectl, and a look at its pods. Closed, it is deleted. */
final class Demo implements AutoCloseable {
    static final String BACKEND = "backend";
    static final String PROXY = "proxy";

    /** Three reference backends that log each POST, and two proxies. */
    static final String LOGGING = """
            apiVersion: tickstorm.io/v1alpha1
            kind: TickStormCluster
            metadata: {name: demo}
            spec:
              backend: {env: [{name: LOG_POSTS, value: "true"}]}
            """;

    private static final String NAMESPACE = "default";
    private static final String NAME = "demo";
    private static final String CLUSTER_LABEL = "tickstorm.io/cluster";
    private static final String COMPONENT_LABEL = "tickstorm.io/component";
    private static final long PATIENCE_SECONDS = 180;
    private static final List<String> OWNED =
            List.of("deployments", "services", "configmaps", "serviceaccounts", "roles", "rolebindings", "pods");

    private final Cluster cluster;
    private final Command tools;
    private final PostRecord posts;

    /** Deletes what an earlier run has left. */
    Demo(Cluster cluster) {
        this.cluster = cluster;
        this.tools = cluster.command();
        this.posts = new PostRecord(
                cluster.client(), NAMESPACE, CLUSTER_LABEL + "=" + NAME + "," + COMPONENT_LABEL + "!=" + PROXY);
        delete();
    }

    /** Which POSTs the backends served, whichever they were. */
    PostRecord posts() {
        return posts;
    }

    /** The chart of this checkout is installed, and {@link #LOGGING} is ready. */
    void begin() {
        new Chart(cluster).install();
        apply(LOGGING);
        awaitReady();
    }

    void apply(String manifest) {
        try {
            var file = Files.createTempFile("e2e-", ".yaml");
            try {
                apply(Files.writeString(file, manifest));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void apply(Path manifest) {
        kubectl("apply", "-f", manifest.toString());
    }

    void awaitReady() {
        kubectl("wait", "--for=condition=Ready", "tsc/" + NAME, "--timeout=" + PATIENCE_SECONDS + "s");
    }

    /** Asks until each of three backends gets its share: one that came after the others begins slowly, by default for 30 s. */
    LoadReport awaitEvenSpread() throws InterruptedException, UnknownHostException {
        var spread = ask();
        for (int again = 0; again < 30 && !even(spread); again++) {
            spread = ask();
        }
        assertThat(even(spread)).as(spread.text()).isTrue();
        return spread;
    }

    private LoadReport ask() throws InterruptedException, UnknownHostException {
        return Load.run(LoadPlan.to("http://" + cluster.address(NodePorts.HTTP) + "/")
                .rate(100)
                .connections(6)
                .duration(Duration.ofSeconds(3)));
    }

    private static boolean even(LoadReport spread) {
        return spread.servers().size() == 3
                && spread.servers().values().stream().allMatch(share -> share > spread.sent() / 5);
    }

    /** @param merge a JSON merge patch */
    void patch(String merge) {
        kubectl("patch", "tsc", NAME, "--type=merge", "-p", merge);
    }

    /** Sets these switches for the backends, and no others, and waits until those that have them are all there is. */
    void switchOn(String... switches) {
        var variables = Stream.of(switches)
                .map("{\"name\": \"%s\", \"value\": \"true\"}"::formatted)
                .toList();
        patch("{\"spec\": {\"backend\": {\"env\": " + variables + "}}}");
        // The operator sees the change in its own time: the Deployment that has it is what rolls.
        cluster.client()
                .apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(NAME + "-" + BACKEND)
                .waitUntilCondition(
                        deployment -> {
                            var given =
                                    deployment
                                            .getSpec()
                                            .getTemplate()
                                            .getSpec()
                                            .getContainers()
                                            .getFirst()
                                            .getEnv()
                                            .stream()
                                            .map(variable -> variable.getName())
                                            .toList();
                            return given.containsAll(List.of(switches));
                        },
                        PATIENCE_SECONDS,
                        TimeUnit.SECONDS);
        rolledOut(BACKEND);
    }

    void restart(String component) {
        kubectl("rollout", "restart", "deployment/" + NAME + "-" + component);
        rolledOut(component);
    }

    /** Rolled out, and the pods that were replaced are gone. */
    void rolledOut(String component) {
        kubectl("rollout", "status", "deployment/" + NAME + "-" + component, "--timeout=300s");
        awaitPods(pods -> pods.stream().noneMatch(HasMetadata::isMarkedForDeletion));
    }

    /** Waits for a state of all the pods, proxies and backends. */
    void awaitPods(Predicate<Collection<Pod>> state) {
        cluster.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabel(CLUSTER_LABEL, NAME)
                .informOnCondition(state::test)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Waits until the images that both Deployments want are such. */
    void awaitImages(Predicate<String> wanted) {
        for (var component : List.of(BACKEND, PROXY)) {
            cluster.client()
                    .apps()
                    .deployments()
                    .inNamespace(NAMESPACE)
                    .withName(NAME + "-" + component)
                    .waitUntilCondition(
                            deployment -> deployment.getSpec().getTemplate().getSpec().getContainers().stream()
                                    .allMatch(container -> wanted.test(container.getImage())),
                            PATIENCE_SECONDS,
                            TimeUnit.SECONDS);
        }
    }

    /** Waits until what the status says about versions of the backends is such. */
    Versions awaitVersions(Predicate<Versions> wanted) {
        var found = cluster.client()
                .genericKubernetesResources("tickstorm.io/v1alpha1", "TickStormCluster")
                .inNamespace(NAMESPACE)
                .withName(NAME)
                .waitUntilCondition(
                        resource -> wanted.test(Versions.of(resource)), 2 * PATIENCE_SECONDS, TimeUnit.SECONDS);
        return Versions.of(found);
    }

    /** Waits until there are so many backends, all of them ready, and no more pods of others. */
    void awaitReplicas(int count) {
        awaitPods(pods -> {
            var backends = pods.stream()
                    .filter(pod -> !PROXY.equals(pod.getMetadata().getLabels().get(COMPONENT_LABEL)))
                    .toList();
            return backends.size() == count && backends.stream().allMatch(Readiness::isPodReady);
        });
    }

    List<Pod> pods(String component) {
        return cluster.client()
                .pods()
                .inNamespace(NAMESPACE)
                .withLabels(Map.of(CLUSTER_LABEL, NAME, COMPONENT_LABEL, component))
                .list()
                .getItems();
    }

    /** The pods of a component on a node, by name. */
    List<String> on(String node, String component) {
        return pods(component).stream()
                .filter(pod -> node.equals(pod.getSpec().getNodeName()))
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    /** What the proxies that are there now tell of requests that did not end well, or not at once. */
    List<Told> told() {
        return pods(PROXY).stream()
                .flatMap(pod -> Told.read(cluster.client().pods().resource(pod).getLog()))
                .toList();
    }

    /** What they tell beyond what they had told before. */
    List<Told> toldSince(List<Told> before) {
        var known = Set.copyOf(before);
        return told().stream().filter(told -> !known.contains(told)).toList();
    }

    /** As many POSTs of this traffic were served as were sent, each once. */
    void everyPostOnce(Traffic.Seen seen) throws InterruptedException {
        var run = seen.http().runId();
        assertThat(posts.served(run, seen.http().posts()))
                .as("POSTs of run " + run)
                .isEqualTo(seen.http().posts());
        noPostTwice();
    }

    void noPostTwice() {
        assertThat(posts.repeated()).as("POSTs that were served more than once").isEmpty();
    }

    /** Deletes the resource; returns when nothing is left of it. Objects go by garbage collection, pods after their grace period. */
    void delete() {
        if (!kubectl("api-resources", "--api-group=tickstorm.io", "-o", "name").isBlank()) {
            kubectl("delete", "tsc", NAME, "--ignore-not-found", "--timeout=120s");
        }
        for (var kind : OWNED) {
            kubectl("wait", "--for=delete", kind, "-l", CLUSTER_LABEL + "=" + NAME, "--timeout=120s");
        }
        assertThat(left()).isBlank();
    }

    private String left() {
        return kubectl("get", String.join(",", OWNED), "-l", CLUSTER_LABEL + "=" + NAME, "-o", "name");
    }

    String kubectl(String... words) {
        return tools.run(new String[] {"kubectl", "--namespace", NAMESPACE}, words);
    }

    @Override
    public void close() {
        posts.close();
        delete();
    }
}
