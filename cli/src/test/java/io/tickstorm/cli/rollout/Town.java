package io.tickstorm.cli.rollout;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.Deployments;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.desired.Defaults;
import io.tickstorm.operator.desired.Proxies;
import io.tickstorm.operator.reconcile.Operator;
import io.tickstorm.operator.reconcile.OperatorSettings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of a real API server with an operator, two real proxies and a server for each slot, under a steady load. It plays what no API server does by itself: the
 * controller of Deployments, and the kubelet that brings configurations to proxies.
 */
final class Town implements AutoCloseable {
    private static final Defaults RELEASE = new Defaults("tickstorm/proxy:test", "tickstorm/backend:test", null);
    private static final ResourceDefinitionContext CLUSTERS = new ResourceDefinitionContext.Builder()
            .withGroup(TickStormCluster.GROUP)
            .withVersion(TickStormCluster.VERSION)
            .withKind(TickStormCluster.KIND)
            .withPlural(TickStormCluster.PLURAL)
            .withNamespaced(true)
            .build();
    private static final long PACE_NANOS = 4_000_000;
    private static final long GLANCE_NANOS = 50_000_000;
    private static final long DEADLINE_NANOS = 120_000_000_000L;

    final KubernetesClient client;
    final String namespace;
    /** What clients saw, by status. */
    final Map<Integer, AtomicInteger> answers = new ConcurrentHashMap<>();
    /** The server that each Service finds. */
    final Map<String, Shop> shops = Map.of("demo-backend", new Shop(), "demo-backend-green", new Shop());

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, RealProxy> proxies = new ConcurrentHashMap<>();
    private final Map<String, String> addresses = new TreeMap<>();
    private final int nodePort;
    private final Thread world;
    private final Thread load;
    private final MeterRegistry registry;
    private Operator operator;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;

    Town(ApiServer server) throws IOException {
        this(server, new SimpleMeterRegistry());
    }

    /** @param registry what the operator counts in */
    Town(ApiServer server, MeterRegistry registry) throws IOException {
        this.registry = registry;
        client = server.client();
        namespace = server.newNamespace();
        nodePort = 32_000 + 10 * Integer.parseInt(namespace.substring("test-".length()));
        var random = ThreadLocalRandom.current();
        for (int i = 0; i < 2; i++) {
            addresses.put(
                    "demo-proxy-" + i,
                    "127." + random.nextInt(1, 250) + "." + random.nextInt(250) + "." + random.nextInt(1, 250));
        }
        operator = operator();
        world = Thread.ofVirtual().start(this::play);
        load = Thread.ofVirtual().start(this::ask);
    }

    /** Another operator in place of this one. */
    void restartOperator() {
        operator.close();
        operator = operator();
    }

    void stopOperator() {
        operator.close();
    }

    void startOperator() {
        operator = operator();
    }

    /** Applies the cluster demo, as {@code kubectl apply --server-side} would. */
    void user(String image, String backend, String more) {
        client.resource("""
                        apiVersion: tickstorm.io/v1alpha1
                        kind: TickStormCluster
                        metadata: {name: demo}
                        spec:
                          backend: {image: '%s', ports: {http: 8000}, %s}
                          loadBalancer: {retries: {attempts: 0}, listeners: [{name: http, port: 8080, nodePort: %d}]}
                          %s
                        """.formatted(image, backend, nodePort, more))
                .inNamespace(namespace)
                .fieldManager("kubectl")
                .forceConflicts()
                .serverSideApply();
    }

    RealProxy proxy(int number) {
        return proxies.get("demo-proxy-" + number);
    }

    GenericKubernetesResource cluster() {
        return client.genericKubernetesResources(CLUSTERS)
                .inNamespace(namespace)
                .withName("demo")
                .get();
    }

    /** What the status says of the rollout; empty if nothing. */
    Map<String, Object> rollout() {
        var cluster = cluster();
        Map<String, Object> status = cluster == null ? null : cluster.get("status", "rollout");
        return status == null ? Map.of() : status;
    }

    /** Waits for the status of the rollout. */
    Map<String, Object> sees(String what, Predicate<Map<String, Object>> expected) {
        var end = System.nanoTime() + DEADLINE_NANOS;
        Map<String, Object> last;
        do {
            last = rollout();
            if (failure != null) {
                throw new AssertionError("the world ended", failure);
            }
            if (expected.test(last)) {
                return last;
            }
            LockSupport.parkNanos(GLANCE_NANOS);
        } while (System.nanoTime() < end);
        throw new AssertionError(what + ", but: " + last);
    }

    /** Waits for the phase, of the version of this image. */
    Map<String, Object> seesPhase(String phase) {
        var generation = cluster().getMetadata().getGeneration();
        return sees(
                phase,
                rollout -> phase.equals(rollout.get("phase"))
                        && generation.equals(((Number) cluster().get("status", "observedGeneration")).longValue()));
    }

    <T extends HasMetadata> @Nullable T get(Class<T> kind, String name) {
        return client.resources(kind).inNamespace(namespace).withName(name).get();
    }

    <T extends HasMetadata> void seesNo(Class<T> kind, String name) {
        sees("no " + kind.getSimpleName() + " " + name, any -> get(kind, name) == null);
    }

    List<String> events(String reason) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> reason.equals(event.getReason()))
                .map(event -> event.getMessage())
                .toList();
    }

    int answered(int status) {
        var count = answers.get(status);
        return count == null ? 0 : count.get();
    }

    @Override
    public void close() {
        ended = true;
        try {
            world.join();
            load.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        operator.close();
        proxies.values().forEach(RealProxy::close);
        shops.values().forEach(Shop::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Operator operator() {
        var started = new Operator(
                client,
                new OperatorSettings(RELEASE, List.of(namespace), false, namespace, namespace, "test", 0, 0),
                registry);
        started.start();
        return started;
    }

    private void play() {
        try {
            while (!ended) {
                rollOut();
                configure();
                LockSupport.parkNanos(GLANCE_NANOS);
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    /** The controller of Deployments and the kubelet of backends: whatever is wanted runs at once. */
    private void rollOut() {
        var deployments =
                client.apps().deployments().inNamespace(namespace).list().getItems();
        for (var deployment : deployments) {
            var status = deployment.getStatus();
            var replicas = deployment.getSpec().getReplicas();
            if (status != null
                    && deployment.getMetadata().getGeneration().equals(status.getObservedGeneration())
                    && replicas.equals(status.getReplicas())) {
                continue;
            }
            runs(deployment);
        }
        shops.forEach((service, shop) -> shop.image(deployments.stream()
                .filter(deployment -> deployment.getMetadata().getName().equals(service))
                .map(Town::image)
                .findFirst()
                .orElse("none")));
    }

    private void runs(Deployment deployment) {
        try {
            client.resource(Deployments.rolledOut(deployment)).updateStatus();
        } catch (KubernetesClientException e) {
            if (e.getCode() != 409 && e.getCode() != 404) {
                throw e;
            }
        }
    }

    private static String image(Deployment deployment) {
        return deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
    }

    /** The kubelet of proxies. */
    private void configure() throws Exception {
        var map = client.configMaps()
                .inNamespace(namespace)
                .withName("demo-proxy")
                .get();
        if (map == null) {
            return;
        }
        var text = map.getData().get("proxy.yaml");
        for (var address : addresses.entrySet()) {
            var running = proxies.get(address.getKey());
            if (running == null) {
                proxies.put(address.getKey(), new RealProxy(vertx, address.getValue(), text, shops));
                pod(address.getKey(), address.getValue());
            } else {
                running.given(text);
            }
        }
    }

    /** A pod of a proxy that is ready. */
    void pod(String name, String ip) {
        pod(
                name,
                ip,
                Map.of(
                        Component.CLUSTER_LABEL,
                        "demo",
                        Component.COMPONENT_LABEL,
                        Component.PROXY.word(),
                        Component.MANAGED_BY_LABEL,
                        Component.MANAGED_BY));
    }

    /** A pod that is ready and tells its metrics. */
    void pod(String name, String ip, Map<String, String> labels) {
        var pod = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels(labels)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage("tickstorm/proxy:test")
                .addNewPort()
                .withName("metrics")
                .withContainerPort(Proxies.METRICS_PORT)
                .endPort()
                .endContainer()
                .endSpec()
                .build();
        var created = client.resource(pod).create();
        client.resource(new PodBuilder(created)
                        .withNewStatus()
                        .withPhase("Running")
                        .withPodIP(ip)
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build())
                .updateStatus();
    }

    /** Clients: each proxy is asked in turn, at a steady pace. */
    private void ask() {
        try (var http = HttpClient.newHttpClient()) {
            for (int turn = 0; !ended; turn++) {
                LockSupport.parkNanos(PACE_NANOS);
                var asked = proxies.get("demo-proxy-" + turn % 2);
                if (asked == null) {
                    continue;
                }
                var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + asked.port() + "/"))
                        .build();
                var status = http.send(request, BodyHandlers.discarding()).statusCode();
                answers.computeIfAbsent(status, first -> new AtomicInteger()).incrementAndGet();
            }
        } catch (IOException | InterruptedException e) {
            failure = e;
        }
    }
}
