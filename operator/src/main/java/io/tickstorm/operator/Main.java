package io.tickstorm.operator;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tickstorm.operator.metricsapi.MetricsApi;
import io.tickstorm.operator.metricsapi.MetricsApiSettings;
import io.tickstorm.operator.metricsapi.Registration;
import io.tickstorm.operator.reconcile.InstallationCheck;
import io.tickstorm.operator.reconcile.InstalledCluster;
import io.tickstorm.operator.reconcile.Operator;
import io.tickstorm.operator.reconcile.OperatorSettings;
import io.tickstorm.operator.telemetry.Telemetry;
import io.tickstorm.process.InstanceId;
import io.tickstorm.process.MetricsPort;
import io.tickstorm.process.Probes;
import io.tickstorm.process.Termination;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's process. Everything it is told comes from its environment: see {@link OperatorSettings}. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private static final String ANY_ADDRESS = "0.0.0.0";
    /** An operator blocks for 6 s at most while it ends, then two calls for 1 s each; docker stop kills after 10 s. */
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(9);

    private static final Duration LAST_CALLS = Duration.ofSeconds(1);
    /** How long metrics are served on: until the API server asks others, and until slices show who else ends. */
    private static final Duration OTHERS_KNOW = Duration.ofSeconds(2);

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /**
     * Runs the operator until the process is asked to end; with the argument {@code check} asks whether an installation works, and says so; with {@code apply FILE}
     * applies the cluster that comes with an installation.
     *
     * @return an exit code if it cannot even start, or after one of the errands; otherwise it does not return, and {@link Termination} ends the process
     */
    public static int run(String[] args) {
        if (args.length == 2 && args[0].equals("apply")) {
            return apply(Path.of(args[1]));
        }
        var checks = List.of(args).equals(List.of("check"));
        if (args.length > 0 && !checks) {
            log.error(
                    "{}: unknown argument (expected: none, check, or apply FILE; the operator is set up by its"
                            + " environment)",
                    String.join(" ", args));
            return 2;
        }
        OperatorSettings settings;
        MetricsApiSettings metrics;
        try {
            settings = OperatorSettings.from(System.getenv(), InstanceId.current());
            metrics = MetricsApiSettings.from(System.getenv());
        } catch (IllegalArgumentException e) {
            log.error("{}", e.getMessage());
            return 2;
        }
        return checks ? check(settings) : serve(settings, metrics);
    }

    private static int apply(Path file) {
        // tries again by itself, and knows when not to
        var config = new ConfigBuilder().withRequestRetryBackoffLimit(0).build();
        try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
            var owner = System.getenv().getOrDefault("CLUSTER_OWNER", "");
            var cluster = new InstalledCluster(client, owner, InstantSource.system(), Thread::sleep);
            return switch (cluster.apply(Files.readString(file))) {
                case APPLIED -> 0;
                case FAILED -> 1;
                case REFUSED -> 2;
            };
        } catch (IOException e) {
            log.error("{} cannot be read: {}", file, e.toString());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static int check(OperatorSettings settings) {
        try (var client = new KubernetesClientBuilder().build()) {
            var problems = InstallationCheck.problems(client, settings, InstantSource.system());
            problems.forEach(log::error);
            if (problems.isEmpty()) {
                log.info("clusters can be seen, and the operator leads");
            }
            return problems.isEmpty() ? 0 : 1;
        }
    }

    private static int serve(OperatorSettings settings, MetricsApiSettings metrics) {
        var vertx = Vertx.vertx();
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var client = new KubernetesClientBuilder().build();
        var telemetry = Telemetry.overHttp(InstantSource.system());
        var metricsApi = MetricsApi.start(vertx, client, metrics, telemetry, InstantSource.system(), registry);
        var registration = new Registration(client, metrics, metricsApi, InstantSource.system());
        var operator = new Operator(client, settings, registration, registry);
        var draining = new AtomicBoolean();
        try {
            Probes.start(vertx, ANY_ADDRESS, settings.probesPort(), new State(operator, metricsApi, draining))
                    .await();
            MetricsPort.start(vertx, ANY_ADDRESS, settings.metricsPort(), registry)
                    .await();
        } catch (RuntimeException e) {
            log.error("cannot listen on {} and {}", settings.probesPort(), settings.metricsPort(), e);
            return 1;
        }
        Termination.on(
                () -> {
                    draining.set(true);
                    var known = metrics.enabled()
                            ? vertx.timer(OTHERS_KNOW.toMillis(), TimeUnit.MILLISECONDS)
                            : Future.succeededFuture();
                    return Future.join(known, blocking(vertx, operator::close))
                            .compose(ended -> blocking(vertx, () -> {
                                briefly("withdrawing", () -> registration.withdraw(settings.identity()));
                                metricsApi.close();
                                telemetry.close();
                                briefly("closing the client", client::close);
                            }));
                },
                DRAIN_LIMIT);
        operator.start();
        log.info(
                "operator of {}: watching {}",
                client.getMasterUrl(),
                settings.namespaces().isEmpty() ? "all namespaces" : settings.namespaces());
        try {
            // The signal ends the process from another thread.
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private static Future<Void> blocking(Vertx vertx, Runnable step) {
        return vertx.executeBlocking(() -> {
                    step.run();
                    return true;
                })
                .mapEmpty();
    }

    /** Calls to an API server that do not end go with the process. */
    private static void briefly(String what, Runnable step) {
        try {
            if (!Thread.ofVirtual().name("last-call").start(step).join(LAST_CALLS)) {
                log.warn("{} does not end", what);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the probes say. A process that waits for the lease is as ready as one that leads; one that should serve metrics has begun to, or had the time to. */
    private record State(Operator operator, MetricsApi metricsApi, AtomicBoolean ending) implements Probes.Status {
        @Override
        public boolean ready() {
            return metricsApi.settled();
        }

        @Override
        public boolean draining() {
            return ending.get();
        }

        @Override
        public JsonObject health() {
            return new JsonObject()
                    .put("leading", operator.leading())
                    .put("clusters", operator.clusters())
                    .put("servingMetrics", metricsApi.listening());
        }
    }
}
