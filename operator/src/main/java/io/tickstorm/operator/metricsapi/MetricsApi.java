package io.tickstorm.operator.metricsapi;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.micrometer.core.instrument.MeterRegistry;
import io.tickstorm.operator.telemetry.Telemetry;
import io.vertx.core.Vertx;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of one process: listens as soon as there are certificates and it is known how the API server proves itself, and follows changes of both while it runs.
 *
 * <p>What changes it happens on one thread. The rest is read from any thread.
 */
public final class MetricsApi implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MetricsApi.class);

    static final String AUTHENTICATION_NAMESPACE = "kube-system";
    static final String AUTHENTICATION = "extension-apiserver-authentication";
    private static final long RETRY_SECONDS = 5;
    /** A new pod should not be called ready before it serves, but an installation that cannot serve must be able to roll. */
    private static final long PATIENCE_SECONDS = 20;

    private final Vertx vertx;
    private final MetricsApiSettings settings;
    private final AccessReviews reviews;
    private final Connections connections;
    private final RequestMeters meters;
    private final ExecutorService changes = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("metrics-api-changes-", 0).factory());
    private final long started = System.nanoTime();
    private final @Nullable SharedIndexInformer<Secret> secrets;
    private final @Nullable SharedIndexInformer<ConfigMap> authentication;

    private @Nullable Credentials credentials;
    private @Nullable FrontProxy front;
    private volatile @Nullable MetricsServer server;
    /** What new connections are shown; null while nothing is served. */
    private volatile @Nullable X509Certificate served;

    private volatile String obstacle = "";

    private MetricsApi(
            Vertx vertx,
            KubernetesClient client,
            MetricsApiSettings settings,
            Telemetry telemetry,
            InstantSource clock,
            MeterRegistry registry) {
        this.vertx = vertx;
        this.settings = settings;
        this.reviews = new AccessReviews(client, clock);
        this.connections = new Connections(new Fleets(client, telemetry, clock), clock);
        this.meters = new RequestMeters(registry);
        if (!settings.enabled()) {
            secrets = null;
            authentication = null;
            return;
        }
        meters.watch(() -> served, clock);
        secrets = informer(
                client.secrets().inNamespace(settings.namespace()).withName(settings.name()),
                secret -> credentials(secret.getData()));
        authentication = informer(
                client.configMaps().inNamespace(AUTHENTICATION_NAMESPACE).withName(AUTHENTICATION),
                configMap -> front(configMap.getData()));
    }

    /** Returns at once, before anything is listened on; does nothing where nothing is to be served. */
    public static MetricsApi start(
            Vertx vertx,
            KubernetesClient client,
            MetricsApiSettings settings,
            Telemetry telemetry,
            InstantSource clock,
            MeterRegistry registry) {
        var api = new MetricsApi(vertx, client, settings, telemetry, clock, registry);
        if (api.secrets != null) {
            api.secrets.start();
        }
        if (api.authentication != null) {
            api.authentication.start();
        }
        return api;
    }

    /** The bound port; 0 while nothing is served. */
    public int port() {
        var current = server;
        return current == null ? 0 : current.port();
    }

    public boolean listening() {
        return server != null;
    }

    /** Whether it serves, or need not, or has had enough time to begin. */
    public boolean settled() {
        return !settings.enabled()
                || listening()
                || System.nanoTime() - started > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    }

    /** What a person has to mend before it can serve; empty if nothing is known. */
    String obstacle() {
        return obstacle;
    }

    @Override
    public void close() {
        if (secrets != null) {
            secrets.close();
        }
        if (authentication != null) {
            authentication.close();
        }
        changes.shutdownNow();
        var current = server;
        if (current != null) {
            current.close();
        }
    }

    private void credentials(@Nullable Map<String, String> data) {
        Credentials.read(data == null ? Map.of() : data).ifPresent(read -> {
            var before = credentials;
            credentials = read;
            var current = server;
            if (current == null) {
                listen();
            } else if (before == null || !before.certificate().equals(read.certificate())) {
                use(current, read);
            }
        });
    }

    private void use(MetricsServer current, Credentials read) {
        current.use(read)
                .onSuccess(changed -> {
                    served = read.certificate();
                    log.info(
                            "metrics: serving with a certificate until {}",
                            read.certificate().getNotAfter().toInstant());
                })
                .onFailure(failure -> log.error("metrics: the new certificate is not used", failure));
    }

    private void front(@Nullable Map<String, String> data) {
        try {
            var read = FrontProxy.read(data == null ? Map.of() : data);
            obstacle = "";
            front = read;
            var current = server;
            if (current == null) {
                listen();
            } else {
                current.trust(read);
            }
        } catch (GeneralSecurityException e) {
            obstacle = "ConfigMap " + AUTHENTICATION_NAMESPACE + "/" + AUTHENTICATION + ": " + e.getMessage();
            log.warn("{}", obstacle);
        }
    }

    private void listen() {
        var with = credentials;
        var trusting = front;
        if (with == null || trusting == null || server != null) {
            return;
        }
        MetricsServer.start(vertx, settings.port(), with, trusting, reviews, connections, meters)
                .onSuccess(begun -> later(() -> begin(begun, with)))
                .onFailure(failure -> {
                    obstacle = "port " + settings.port() + " cannot be listened on: " + failure.getMessage();
                    log.error("metrics: {}", obstacle);
                    vertx.setTimer(TimeUnit.SECONDS.toMillis(RETRY_SECONDS), timer -> later(this::listen));
                });
    }

    private void begin(MetricsServer begun, Credentials with) {
        if (server != null) {
            begun.close();
            return;
        }
        server = begun;
        served = with.certificate();
        obstacle = "";
        log.info("metrics: served on port {}", begun.port());
        // What has changed since.
        var newest = credentials;
        if (newest != null && !newest.equals(with)) {
            use(begun, newest);
        }
        var trusting = front;
        if (trusting != null) {
            begun.trust(trusting);
        }
    }

    private void later(Runnable change) {
        if (!changes.isShutdown()) {
            changes.execute(change);
        }
    }

    private <T extends HasMetadata> SharedIndexInformer<T> informer(Informable<T> object, Consumer<T> changed) {
        return object.runnableInformer(0).addEventHandler(new Seen<>(changed)).exceptionHandler((begun, failure) -> {
            log.warn("metrics: watch failed, trying again: {}", failure.toString());
            return true;
        });
    }

    /** An object that is deleted was read: it goes on being used until there is another. */
    private final class Seen<T extends HasMetadata> implements ResourceEventHandler<T> {
        private final Consumer<T> changed;

        Seen(Consumer<T> changed) {
            this.changed = changed;
        }

        @Override
        public void onAdd(T object) {
            later(() -> changed.accept(object));
        }

        @Override
        public void onUpdate(T before, T after) {
            later(() -> changed.accept(after));
        }

        @Override
        public void onDelete(T object, boolean unknown) {
            log.warn(
                    "metrics: {} {} was deleted",
                    object.getKind(),
                    object.getMetadata().getName());
        }
    }
}
