package io.tickstorm.operator.metricsapi;

import io.fabric8.kubernetes.api.model.APIService;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all processes need and the one that leads sees to: the certificates, and the two APIServices that lead callers here, unless the group belongs to somebody else.
 *
 * <p>APIServices and Secret are owned by the ClusterRole of the installation. So whoever uninstalls the operator, by Helm or with {@code kubectl delete}, has them
 * collected, even if no process of it runs any more: an APIService that leads nowhere would keep namespaces from being deleted in the whole cluster.
 */
public final class Registration {
    private static final Logger log = LoggerFactory.getLogger(Registration.class);

    /** Whoever takes an APIService away or takes it over is noticed after this time. */
    private static final Duration SETTLED = Duration.ofSeconds(30);

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
    private static final int FORBIDDEN = 403;

    private final KubernetesClient client;
    private final MetricsApiSettings settings;
    private final MetricsApi api;
    private final ApiServices services;
    private final Renewal renewal;
    private final InstantSource clock;

    private volatile Standing standing;

    public Registration(KubernetesClient client, MetricsApiSettings settings, MetricsApi api, InstantSource clock) {
        this.client = client;
        this.settings = settings;
        this.api = api;
        this.services = new ApiServices(client, settings);
        this.renewal = new Renewal(new Issuer(settings.name(), settings.host()));
        this.clock = clock;
        this.standing = settings.enabled() ? Standing.EXPECTED : Standing.OFF;
    }

    /** As the last look left it. */
    public Standing standing() {
        return standing;
    }

    /**
     * Looks at everything and brings it into order; blocks. Called by one thread at a time, of the process that leads.
     *
     * @return when to look again
     */
    public Duration look() {
        try {
            var seen = services.all();
            var now = settings.enabled() ? register(seen) : unregister(seen);
            if (!now.reason().equals(standing.reason())) {
                log.info("metrics: {}", now.message());
            }
            standing = now;
            return now.equals(Standing.EXPECTED) ? SOON : SETTLED;
        } catch (KubernetesClientException e) {
            if (e.getCode() == FORBIDDEN && settings.enabled()) {
                standing = Standing.failed("the operator lacks rights that its installation gives: " + e.getMessage());
            }
            log.warn("metrics: not registered, trying again: {}", e.getMessage());
            return AFTER_FAILURE;
        }
    }

    /**
     * Takes the APIServices away if no other process serves them: one that leads nowhere breaks the discovery of the whole cluster. Whoever leads next makes them again.
     * Blocks; to be called by every process that ends, leader or not, when it looks no more and the slices had the time to show who else ends.
     *
     * @param pod the name of this process's pod
     */
    public void withdraw(String pod) {
        if (!settings.enabled()) {
            return;
        }
        try {
            if (!services.reachableBeside(pod)) {
                services.all().stream().filter(services::ours).forEach(services::delete);
            }
        } catch (KubernetesClientException e) {
            log.warn("metrics: whether another process serves is not known, the APIServices stay: {}", e.getMessage());
        }
    }

    private Standing unregister(List<APIService> seen) {
        seen.stream().filter(services::ours).forEach(services::delete);
        return Standing.OFF;
    }

    private Standing register(List<APIService> seen) {
        var foreign = seen.stream().filter(service -> !services.ours(service)).findFirst();
        if (foreign.isPresent()) {
            // Half a group would be worse than none: autoscalers ask for one of the versions, and that may be ours.
            seen.forEach(services::release);
            return Standing.foreign(ApiServices.whose(foreign.get()));
        }
        var owner = owner();
        if (owner == null) {
            return Standing.failed("ClusterRole " + settings.name()
                    + " is missing (expected: the one that the operator's installation brings)");
        }
        var credentials = credentials(owner, seen);
        if (!api.listening()) {
            return api.obstacle().isEmpty() ? Standing.EXPECTED : Standing.failed(api.obstacle());
        }
        if (seen.isEmpty() && !services.reachable()) {
            return Standing.EXPECTED;
        }
        services.bring(credentials, owner, seen);
        return services.unreachable(clock.instant()).map(Standing::unreachable).orElse(Standing.SERVED);
    }

    private Credentials credentials(OwnerReference owner, List<APIService> seen) {
        var secret = client.secrets()
                .inNamespace(settings.namespace())
                .withName(settings.name())
                .get();
        var current = Optional.ofNullable(secret).flatMap(there -> Credentials.read(data(there)));
        var wanted = renewal.renewed(
                current,
                authority -> seen.stream().allMatch(service -> ApiServices.trusts(service, authority)),
                clock.instant());
        if (current.isEmpty() || !current.get().equals(wanted)) {
            write(wanted, owner);
        }
        return wanted;
    }

    private static Map<String, String> data(Secret secret) {
        return secret.getData() == null ? Map.of() : secret.getData();
    }

    private void write(Credentials credentials, OwnerReference owner) {
        var secret = new SecretBuilder()
                .withNewMetadata()
                .withName(settings.name())
                .withNamespace(settings.namespace())
                .withLabels(ApiServices.LABELS)
                .withOwnerReferences(owner)
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withData(credentials.data())
                .build();
        client.resource(secret)
                .fieldManager(ApiServices.FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
        log.info(
                "metrics: certificate until {}, authority until {}",
                credentials.certificate().getNotAfter().toInstant(),
                credentials.newestAuthority().getNotAfter().toInstant());
    }

    private @Nullable OwnerReference owner() {
        var role = client.rbac().clusterRoles().withName(settings.name()).get();
        return role == null
                ? null
                : new OwnerReferenceBuilder()
                        .withApiVersion("rbac.authorization.k8s.io/v1")
                        .withKind("ClusterRole")
                        .withName(settings.name())
                        .withUid(role.getMetadata().getUid())
                        .build();
    }
}
