package io.tickstorm.operator.metricsapi;

import io.fabric8.kubernetes.api.model.APIService;
import io.fabric8.kubernetes.api.model.APIServiceBuilder;
import io.fabric8.kubernetes.api.model.APIServiceSpecBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tickstorm.operator.desired.Component;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The APIServices of {@code custom.metrics.k8s.io}: whose they are, and how ours should be. */
final class ApiServices {
    private static final Logger log = LoggerFactory.getLogger(ApiServices.class);

    static final String FIELD_MANAGER = "tickstorm-operator";
    static final Map<String, String> LABELS =
            Map.of(Component.MANAGED_BY_LABEL, Component.MANAGED_BY, "app.kubernetes.io/part-of", "tickstorm");
    /** The port of the Service, which leads to that of the pods. */
    private static final int SERVICE_PORT = 443;
    /** As other adapters have it; it matters to nobody, since the group has no names that others have. */
    private static final int GROUP_PRIORITY = 100;

    private static final int VERSION_PRIORITY = 100;
    /** A pod that is rolled is out of reach for a moment. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final KubernetesClient client;
    private final MetricsApiSettings settings;

    ApiServices(KubernetesClient client, MetricsApiSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** Those that are there, whoever owns them. */
    List<APIService> all() {
        return Question.VERSIONS.stream()
                .map(version -> client.apiServices().withName(name(version)).get())
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether it leads to us; with metrics switched off, our name is not known, and our namespace has to do. */
    boolean ours(APIService service) {
        var to = service.getSpec().getService();
        return labelled(service)
                && to != null
                && settings.namespace().equals(to.getNamespace())
                && (!settings.enabled() || settings.name().equals(to.getName()));
    }

    /** For a person. */
    static String whose(APIService service) {
        var to = service.getSpec().getService();
        var name = service.getMetadata().getName();
        return to == null
                ? "APIService " + name
                : "Service " + to.getNamespace() + "/" + to.getName() + " (APIService " + name + ")";
    }

    /** Whether callers that go by it trust an authority. */
    static boolean trusts(APIService service, X509Certificate authority) {
        var bundle = service.getSpec().getCaBundle();
        try {
            return bundle != null
                    && Pem.certificates(new String(Base64.getDecoder().decode(bundle), StandardCharsets.US_ASCII))
                            .contains(authority);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Makes ours, and changes back what somebody changed of them. */
    void bring(Credentials credentials, OwnerReference owner, List<APIService> seen) {
        for (var version : Question.VERSIONS) {
            var wanted = wanted(version, credentials, owner);
            var there = seen.stream()
                    .filter(service -> service.getMetadata().getName().equals(name(version)))
                    .findFirst();
            if (there.isPresent() && same(there.get(), wanted)) {
                continue;
            }
            var apply = client.resource(wanted).fieldManager(FIELD_MANAGER);
            // Not by force where there was none: if somebody else makes it in this moment, it is theirs.
            (there.isPresent() ? apply.forceConflicts() : apply).serverSideApply();
            log.info("metrics: {} {}", there.isPresent() ? "applied" : "registered", name(version));
        }
    }

    /** Takes ours away; one that was ours and leads elsewhere now is left to whoever took it. */
    void release(APIService service) {
        if (ours(service)) {
            delete(service);
        } else if (labelled(service) && ownedByUs(service)) {
            var patch = "{\"metadata\":{\"resourceVersion\":\""
                    + service.getMetadata().getResourceVersion() + "\",\"ownerReferences\":null,\"labels\":{\""
                    + Component.MANAGED_BY_LABEL + "\":null,\"app.kubernetes.io/part-of\":null}}}";
            client.apiServices()
                    .withName(service.getMetadata().getName())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
            log.info("metrics: {} is {} now", service.getMetadata().getName(), whose(service));
        }
    }

    void delete(APIService service) {
        client.apiServices().withName(service.getMetadata().getName()).delete();
        log.info("metrics: {} taken away", service.getMetadata().getName());
    }

    /** Whether the Service leads to a pod that is ready: an APIService without one breaks the discovery of the whole cluster. */
    boolean reachable() {
        return endpoints().anyMatch(ApiServices::ready);
    }

    /** Whether it leads to another pod than this one that is ready. One that ends is not. */
    boolean reachableBeside(String pod) {
        return endpoints()
                .filter(ApiServices::ready)
                .anyMatch(endpoint -> endpoint.getTargetRef() == null
                        || !pod.equals(endpoint.getTargetRef().getName()));
    }

    private Stream<Endpoint> endpoints() {
        return client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(settings.namespace())
                .withLabel("kubernetes.io/service-name", settings.name())
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> slice.getEndpoints().stream());
    }

    private static boolean ready(Endpoint endpoint) {
        return endpoint.getConditions() != null
                && Boolean.TRUE.equals(endpoint.getConditions().getReady())
                && !Boolean.TRUE.equals(endpoint.getConditions().getTerminating());
    }

    /** Why the API server has not reached us for a while. */
    Optional<String> unreachable(Instant now) {
        return all().stream()
                .filter(service ->
                        service.getStatus() != null && service.getStatus().getConditions() != null)
                .flatMap(service -> service.getStatus().getConditions().stream())
                .filter(condition -> "Available".equals(condition.getType())
                        && "False".equals(condition.getStatus())
                        && condition.getLastTransitionTime() != null
                        && Instant.parse(condition.getLastTransitionTime())
                                .plus(PATIENCE)
                                .isBefore(now))
                .map(condition -> String.valueOf(condition.getMessage()))
                .findFirst();
    }

    private APIService wanted(String version, Credentials credentials, OwnerReference owner) {
        return new APIServiceBuilder()
                .withNewMetadata()
                .withName(name(version))
                .withLabels(LABELS)
                .withOwnerReferences(owner)
                .endMetadata()
                .withNewSpec()
                .withGroup(Question.GROUP)
                .withVersion(version)
                .withGroupPriorityMinimum(GROUP_PRIORITY)
                // said, so that whoever switches the verification off does not keep us from switching it on
                .withInsecureSkipTLSVerify(false)
                .withVersionPriority(VERSION_PRIORITY * (Question.VERSIONS.indexOf(version) + 1))
                .withNewService(settings.name(), settings.namespace(), SERVICE_PORT)
                .withCaBundle(
                        Base64.getEncoder().encodeToString(credentials.bundle().getBytes(StandardCharsets.US_ASCII)))
                .endSpec()
                .build();
    }

    private static boolean same(APIService there, APIService wanted) {
        return new APIServiceSpecBuilder(there.getSpec())
                        .withInsecureSkipTLSVerify(
                                Boolean.TRUE.equals(there.getSpec().getInsecureSkipTLSVerify()))
                        .build()
                        .equals(wanted.getSpec())
                && there.getMetadata()
                        .getLabels()
                        .entrySet()
                        .containsAll(wanted.getMetadata().getLabels().entrySet())
                && there.getMetadata()
                        .getOwnerReferences()
                        .equals(wanted.getMetadata().getOwnerReferences());
    }

    private static boolean labelled(APIService service) {
        var labels = service.getMetadata().getLabels();
        return labels != null && Component.MANAGED_BY.equals(labels.get(Component.MANAGED_BY_LABEL));
    }

    private boolean ownedByUs(APIService service) {
        return service.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getName().equals(settings.name()));
    }

    private static String name(String version) {
        return version + "." + Question.GROUP;
    }
}
