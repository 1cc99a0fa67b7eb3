package io.tickstorm.e2e;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What can happen to the nodes of a cluster whose nodes are containers of this machine's Docker engine, named as the nodes are
 * (as with kind, k3d and the cluster that {@code .ci/run} starts).
 */
final class Nodes {
    private static final long PATIENCE_SECONDS = 180;
    private static final Command DOCKER = new Command(Map.of());
    private static final String API_SERVERS = "$(pgrep -x kube-apiserver)";

    private final KubernetesClient client;
    private final Command tools;

    private Nodes(Cluster cluster) {
        this.client = cluster.client();
        this.tools = cluster.command();
    }

    /** The nodes of {@code cluster}; without at least {@code count} of them that Docker knows, the tests that ask are skipped. */
    static Nodes atLeast(int count, Cluster cluster) {
        var nodes = new Nodes(cluster);
        var known = nodes.names().stream().filter(Nodes::container).toList();
        Skip.unless(
                known.size() >= count,
                "needs %d nodes that are containers of this Docker engine, and there are %d (E2E_KUBECONFIG names a cluster)"
                        .formatted(count, known.size()));
        return nodes;
    }

    /** The node that carries the control plane. */
    String control() {
        var address = client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace("default")
                .withName("kubernetes")
                .get()
                .getEndpoints()
                .getFirst()
                .getAddresses()
                .getFirst();
        return client.nodes().list().getItems().stream()
                .filter(node -> addresses(node).contains(address))
                .map(node -> node.getMetadata().getName())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no node has the API server's address " + address));
    }

    /** A node that carries pods only: the last one by name. */
    String worker() {
        var control = control();
        return names().stream()
                .filter(name -> !name.equals(control))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** No more pods are put there, or some again. */
    void schedule(String node, boolean allowed) {
        tools.run("kubectl", allowed ? "uncordon" : "cordon", node);
    }

    /** The power fails: all processes of the node and its pods are gone at once, and its address answers nothing. */
    void kill(String node) {
        DOCKER.run("docker", "kill", node);
    }

    void start(String node) {
        DOCKER.run("docker", "start", node);
    }

    /** The network fails: its pods go on, and no packet passes between them and the others. Closed, it is whole again. */
    Fault cutOff(String node) {
        var network = DOCKER.run(
                        "docker",
                        "inspect",
                        "-f",
                        "{{range $name, $n := .NetworkSettings.Networks}}{{$name}}{{end}}",
                        node)
                .strip();
        DOCKER.run("docker", "network", "disconnect", network, node);
        return () -> DOCKER.run("docker", "network", "connect", network, node);
    }

    /** The API server takes connections and answers nothing. Closed, it goes on where it was. Skips where it is no process of its own. */
    Fault freezeApiServer() {
        var control = control();
        Skip.unless(
                DOCKER.succeeds("docker", "exec", control, "pgrep", "-x", "kube-apiserver"),
                "needs an API server that is a process of its own on node " + control);
        signal(control, "STOP");
        return () -> signal(control, "CONT");
    }

    /** Waits until the control plane thinks so. */
    void awaitReady(String node, boolean ready) {
        client.nodes()
                .withName(node)
                .waitUntilCondition(
                        found -> found != null && ready(found) == ready, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void signal(String node, String name) {
        DOCKER.run("docker", "exec", node, "sh", "-c", "kill -" + name + " " + API_SERVERS);
    }

    private static boolean ready(Node node) {
        return node.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    private List<String> names() {
        return client.nodes().list().getItems().stream()
                .map(node -> node.getMetadata().getName())
                .toList();
    }

    private static List<String> addresses(Node node) {
        return node.getStatus().getAddresses().stream()
                .map(NodeAddress::getAddress)
                .toList();
    }

    private static boolean container(String name) {
        return DOCKER.succeeds("docker", "container", "inspect", name);
    }

    /** Something that is broken until it is closed. */
    interface Fault extends AutoCloseable {
        @Override
        void close();
    }
}
