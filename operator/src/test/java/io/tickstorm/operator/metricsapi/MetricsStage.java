package io.tickstorm.operator.metricsapi;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.APIServiceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.desired.Proxies;
import io.tickstorm.operator.telemetry.FleetReport;
import io.tickstorm.operator.telemetry.ProxyAddress;
import io.tickstorm.operator.telemetry.Telemetry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An installation that serves metrics on a real API server, the pods of clusters, and a clock that tests move. */
final class MetricsStage implements AutoCloseable {
    static final String AUTOSCALER = "system:serviceaccount:kube-system:horizontal-pod-autoscaler";

    final ApiServer apiServer;
    final KubernetesClient client;
    final String namespace;
    final MetricsApiSettings settings;
    final Vertx vertx = Vertx.vertx();
    final MetricsApi api;
    /** What the first process counts. */
    final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    final Registration registration;
    private final KubernetesClient operatorClient;
    private final List<Runnable> open = new ArrayList<>();
    private volatile Instant now;
    private int telemetryPort;

    MetricsStage(ApiServer apiServer) {
        this(apiServer, Instant.now());
    }

    MetricsStage(ApiServer apiServer, Instant now) {
        this(apiServer, now, null, apiServer.newClient());
        client.resource(new ClusterRoleBuilder()
                        .withNewMetadata()
                        .withName(settings.name())
                        .endMetadata()
                        .build())
                .create();
    }

    /**
     * @param own settings of an installation that is there; null = one of its own, in a new namespace
     * @param operatorClient with what rights the operator acts
     */
    MetricsStage(ApiServer apiServer, Instant now, MetricsApiSettings own, KubernetesClient operatorClient) {
        this.apiServer = apiServer;
        this.client = apiServer.client();
        this.now = now;
        this.namespace = apiServer.newNamespace();
        this.operatorClient = operatorClient;
        this.settings = own == null ? new MetricsApiSettings("metrics-of-" + namespace, namespace, 0) : own;
        client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(settings.name())
                        .withNamespace(settings.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withName("metrics-api")
                        .withPort(443)
                        .endPort()
                        .endSpec()
                        .build())
                .serverSideApply();
        this.api = process(registry);
        this.registration = new Registration(operatorClient, settings, api, clock());
    }

    InstantSource clock() {
        return () -> now;
    }

    void now(Instant then) {
        now = then;
    }

    Instant now() {
        return now;
    }

    /** One more process of the operator. */
    MetricsApi another() {
        return process(new SimpleMeterRegistry());
    }

    private MetricsApi process(MeterRegistry counted) {
        var started = MetricsApi.start(vertx, operatorClient, settings, telemetry(), clock(), counted);
        open.add(started::close);
        return started;
    }

    /** How often the first process has answered so. */
    long counted(String resource, String code) {
        var timer = registry.find("tick.storm.operator.metrics.api.requests")
                .tags("resource", resource, "code", code)
                .timer();
        return timer == null ? 0 : timer.count();
    }

    /** Goes on looking until it is as expected. */
    Standing registered(String reason) {
        return eventually(
                reason,
                () -> {
                    registration.look();
                    if (api.listening()) {
                        routeTo(api);
                    }
                    return registration.standing();
                },
                standing -> standing.reason().equals(reason));
    }

    /** Registered, and the API server has found out that it can be reached. */
    void serves() {
        registered("Served");
        eventually("an answer", () -> get(client, "/apis/custom.metrics.k8s.io/v1beta2"), answer -> answer != null);
    }

    /** Plays the controller: the Service leads to these processes. */
    void routeTo(MetricsApi... processes) {
        var slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(settings.name())
                .withNamespace(settings.namespace())
                .addToLabels("kubernetes.io/service-name", settings.name())
                .endMetadata()
                .withAddressType("IPv4")
                .addNewEndpoint()
                .withAddresses(ownAddress())
                .withNewConditions()
                .withReady(true)
                .endConditions()
                .endEndpoint();
        for (var process : processes) {
            slice.addNewPort()
                    .withName("metrics-api")
                    .withPort(process.port())
                    .withProtocol("TCP")
                    .endPort();
        }
        client.resource(slice.build()).forceConflicts().serverSideApply();
    }

    /** Plays the controller: the Service leads to pods of these names, which are ready, and to others, which end. */
    void routeToPods(List<String> ready, List<String> ending) {
        var slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(settings.name())
                .withNamespace(settings.namespace())
                .addToLabels("kubernetes.io/service-name", settings.name())
                .endMetadata()
                .withAddressType("IPv4");
        for (var pod : Stream.concat(ready.stream(), ending.stream()).toList()) {
            slice.addNewEndpoint()
                    .withAddresses("10.2.0." + (1 + ready.indexOf(pod) + 100 * (1 + ending.indexOf(pod))))
                    .withNewConditions()
                    .withReady(ready.contains(pod))
                    .withTerminating(ending.contains(pod))
                    .endConditions()
                    .withNewTargetRef()
                    .withKind("Pod")
                    .withName(pod)
                    .withNamespace(settings.namespace())
                    .endTargetRef()
                    .endEndpoint();
        }
        client.resource(slice.build()).forceConflicts().serverSideApply();
    }

    /** A pod that runs. */
    void pod(String cluster, String component, String name, String ip) {
        var pod = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withLabels(Map.of(
                        "tickstorm.io/cluster", cluster,
                        "tickstorm.io/component", component,
                        "app.kubernetes.io/managed-by", "tickstorm-operator"))
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName(component)
                .withImage("test:1")
                .endContainer()
                .endSpec()
                .build();
        var created = client.resource(pod).create();
        created.setStatus(new PodBuilder()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP(ip)
                .addNewContainerStatus()
                .withName(component)
                .withImage("test:1")
                .withImageID("test")
                .withRestartCount(0)
                .withReady(true)
                .withStarted(true)
                .withNewState()
                .withNewRunning()
                .endRunning()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build()
                .getStatus());
        client.resource(created).updateStatus();
    }

    /** A proxy that says this on its port of metrics. */
    HttpServer proxy(String cluster, String name, String ip, Supplier<String> exposition) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(ip, telemetryPort), 0);
        telemetryPort = server.getAddress().getPort();
        server.createContext("/metrics", exchange -> {
            var bytes = exposition.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            try (var body = exchange.getResponseBody()) {
                body.write(bytes);
            }
        });
        server.start();
        open.add(() -> server.stop(0));
        pod(cluster, "proxy", name, ip);
        return server;
    }

    /** Asks for the connections of what a selector picks, in a version. */
    JsonObject connections(KubernetesClient caller, String version, String selector) {
        return get(
                caller,
                "/apis/custom.metrics.k8s.io/" + version + "/namespaces/" + namespace
                        + "/pods/*/tick_storm_active_connections?labelSelector=" + selector.replace("=", "%3D"));
    }

    /** Null while the API server does not reach us, or does not know yet that it does. */
    static JsonObject get(KubernetesClient caller, String path) {
        try {
            var answer = caller.raw(path);
            return answer == null ? null : new JsonObject(answer);
        } catch (KubernetesClientException e) {
            if (e.getCode() == 503 && String.valueOf(e.getMessage()).contains("ServiceUnavailable")
                    || e.getCode() == 404) {
                return null;
            }
            throw e;
        }
    }

    /** The value of each object in a list of values. */
    static Map<String, String> values(JsonObject list) {
        return list.getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(
                        item -> item.getJsonObject("describedObject").getString("name"),
                        item -> item.getString("value")));
    }

    /** As another product would, with kubectl apply --force-conflicts. */
    void adapter(String version, String name) {
        client.resource(new APIServiceBuilder()
                        .withNewMetadata()
                        .withName(version + ".custom.metrics.k8s.io")
                        .endMetadata()
                        .withNewSpec()
                        .withGroup("custom.metrics.k8s.io")
                        .withVersion(version)
                        .withGroupPriorityMinimum(100)
                        .withVersionPriority(100)
                        .withInsecureSkipTLSVerify(false)
                        .withNewService(name, "monitoring", 443)
                        .endSpec()
                        .build())
                .fieldManager("adapter")
                .forceConflicts()
                .serverSideApply();
    }

    /** A client that the API server takes for somebody else. */
    KubernetesClient as(String user) {
        var config = new ConfigBuilder(client.getConfiguration())
                .withImpersonateUsername(user)
                .build();
        var other = new KubernetesClientBuilder().withConfig(config).build();
        open.add(other::close);
        return other;
    }

    /** Leaves the API server as it was. */
    @Override
    public void close() {
        for (var version : Question.VERSIONS) {
            client.apiServices().withName(version + ".custom.metrics.k8s.io").delete();
        }
        open.reversed().forEach(Runnable::run);
        operatorClient.close();
        vertx.close().await();
    }

    private Telemetry telemetry() {
        var real = Telemetry.overHttp(clock());
        open.add(real::close);
        return new Telemetry() {
            @Override
            public FleetReport ask(List<ProxyAddress> proxies) {
                assertThat(proxies).allSatisfy(proxy -> assertThat(proxy.port()).isEqualTo(Proxies.METRICS_PORT));
                return real.ask(proxies.stream()
                        .map(proxy -> new ProxyAddress(proxy.pod(), proxy.ip(), telemetryPort))
                        .toList());
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }

    /** One that an EndpointSlice may have, which loopback is not. */
    private static String ownAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .map(address -> address.getHostAddress())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "this machine has no IPv4 address (expected: one that is not of loopback)"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
