package io.tickstorm.operator.reconcile;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tickstorm.operator.crd.ClusterStatus;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.operator.desired.ClusterReader.Reading;
import io.tickstorm.operator.desired.Defaults;
import io.tickstorm.operator.desired.Desired;
import io.tickstorm.operator.desired.Monitors;
import io.tickstorm.operator.desired.Proxies;
import io.tickstorm.operator.desired.ProxyConfiguration;
import io.tickstorm.operator.desired.Situation;
import io.tickstorm.operator.desired.Surroundings;
import io.tickstorm.operator.metricsapi.Standing;
import io.tickstorm.operator.telemetry.Telemetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One pass over one cluster: read, judge, apply, prune, report. Looks at everything, every time. */
final class Reconciler {
    /** After this long everything is looked at again, whatever was or was not seen to happen. */
    static final Duration RESYNC = Duration.ofSeconds(120);

    private static final int NOT_FOUND = 404;
    private static final JsonMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private final KubernetesClient client;
    private final Sight sight;
    private final Defaults defaults;
    private final Supplier<Surroundings> surroundings;
    private final Supplier<Standing> metrics;
    private final Children children;
    private final Rollouts rollouts;
    private final Propagation propagation;
    private final SecretWatch secrets;
    private final SecretPropagation renewals;
    private final Recorder events;
    private final ClusterMeters meters;
    private final InstantSource clock;

    Reconciler(
            KubernetesClient client,
            Sight sight,
            Defaults defaults,
            Supplier<Surroundings> surroundings,
            Telemetry telemetry,
            Supplier<Standing> metrics,
            SecretWatch secrets,
            ClusterMeters meters,
            InstantSource clock) {
        this.client = client;
        this.sight = sight;
        this.defaults = defaults;
        this.surroundings = surroundings;
        this.metrics = metrics;
        this.children = new Children(client);
        this.rollouts = new Rollouts(new Memories(client), telemetry, clock);
        this.propagation = new Propagation(telemetry, new PodAnnotations(client), clock);
        this.secrets = secrets;
        this.renewals = new SecretPropagation(new PodAnnotations(client), clock);
        this.events = new Recorder(client, clock);
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * Does one pass; blocks.
     *
     * @return when to look again, or null if there is nothing to look at
     * @throws ReconcileException if something was refused that may be taken another time
     */
    @Nullable
    Duration reconcile(ClusterKey key) throws ReconcileException {
        var resource = sight.cluster(key);
        if (resource == null) {
            children.forget(key);
            rollouts.forget(key);
            propagation.forget(key);
            secrets.forget(key);
            renewals.forget(key);
            events.forget(key);
            meters.forget(key);
            return null;
        }
        if (resource.getMetadata().getDeletionTimestamp() != null) {
            // The garbage collector takes the objects; applying them now would only keep it busy.
            return null;
        }
        var unclear = Pause.problems(resource);
        if (!unclear.isEmpty()) {
            return refuse(resource, unclear);
        }
        return switch (ClusterReader.read(mapping(resource))) {
            case Reading.Refused refused ->
                refuse(
                        resource,
                        refused.problems().stream()
                                .map(problem -> problem.in(""))
                                .toList());
            case Reading.Accepted accepted when Pause.asked(resource) -> leave(key, resource, accepted.cluster());
            case Reading.Accepted accepted -> bring(key, resource, accepted.cluster());
        };
    }

    private Duration leave(ClusterKey key, GenericKubernetesResource resource, TickStormCluster cluster)
            throws ReconcileException {
        var now = clock.instant();
        var children = sight.children(key);
        var active = rollouts.active(cluster, defaults, children, sight.pods(key));
        var seen = Observation.of(cluster, active, children, sight.pods(key));
        var troubles = new ArrayList<>(files(key, cluster).troubles());
        troubles.addAll(Diagnosis.of(seen, now));
        // by the configuration that there is; what the specification would make of it nobody has been told
        var spread = Proxies.configurationHash(children)
                .map(hash -> propagation.look(key, hash, seen.pods(), seen.proxiesSettled()))
                .orElse(null);
        if (spread != null) {
            troubles.addAll(spread.troubles());
        }
        var transitions = new Transitions(resource, now);
        var status = StatusReport.paused(cluster, active, seen, spread, troubles, metrics.get(), transitions);
        report(resource, status, completed(status, resource));
        if (!Pause.before(transitions)) {
            events.normal(resource, "Paused", "nothing is changed while " + Pause.ANNOTATION + " is true");
        }
        return sooner(RESYNC, spread == null ? null : spread.lookAgain());
    }

    private Duration refuse(GenericKubernetesResource resource, List<String> messages) {
        var transitions = new Transitions(resource, clock.instant());
        var status = StatusReport.invalid(messages, transitions);
        report(resource, status, completed(status, resource));
        events.warning(resource, "InvalidSpec", String.join("; ", messages));
        return RESYNC;
    }

    /** What a status does not say stays as it was said: the pods run on. */
    private static Map<String, Object> completed(ClusterStatus status, GenericKubernetesResource resource) {
        var fields = new LinkedHashMap<>(tree(status));
        if (resource.get("status") instanceof Map<?, ?> before) {
            before.forEach((field, value) -> fields.putIfAbsent(String.valueOf(field), value));
        }
        return fields;
    }

    private Duration bring(ClusterKey key, GenericKubernetesResource resource, TickStormCluster cluster)
            throws ReconcileException {
        var around = surroundings.get();
        var turn = rollouts.next(cluster, new Situation(defaults, around), sight.children(key), sight.pods(key));
        var desired = new ArrayList<HasMetadata>();
        desired.add(turn.written(cluster));
        desired.addAll(Desired.of(cluster, new Situation(defaults, around, turn.tracks())));
        var outcome = children.bring(cluster, desired, sight.children(key));
        tell(resource, outcome);
        var now = clock.instant();
        var seen = Observation.of(cluster, turn.active(), sight.children(key), sight.pods(key));
        var files = files(key, cluster);
        var troubles = new ArrayList<>(outcome.troubles());
        troubles.addAll(files.troubles());
        troubles.addAll(Diagnosis.of(seen, now));
        var renewing = renewals.bring(key, files.version(), seen.pods());
        var spread = propagation.bring(
                key, Proxies.configurationHash(desired).orElseThrow(), seen.pods(), seen.proxiesSettled());
        troubles.addAll(spread.troubles());
        Monitors.missing(cluster, around).stream().map(Refusal::unknownKind).forEach(troubles::add);
        var transitions = new Transitions(resource, now);
        var status = StatusReport.of(cluster, turn, seen, spread, troubles, metrics.get(), transitions);
        report(resource, status, tree(status));
        for (var happening : turn.decision().happenings()) {
            events.record(resource, happening.warning(), happening.reason(), happening.message());
        }
        tell(resource, status, troubles, transitions);
        if (!outcome.troubles().isEmpty()) {
            throw new ReconcileException(outcome.troubles());
        }
        return sooner(sooner(turn.decision().again(), spread.lookAgain()), renewing);
    }

    private SecretReport files(ClusterKey key, TickStormCluster cluster) {
        var needed = ProxyConfiguration.secrets(cluster);
        return SecretReport.of(key.namespace(), needed, secrets.see(key, needed.keySet()));
    }

    private static Duration sooner(Duration one, @Nullable Duration other) {
        return other == null || one.compareTo(other) < 0 ? one : other;
    }

    private void tell(GenericKubernetesResource resource, Children.Outcome outcome) {
        if (!outcome.created().isEmpty()) {
            events.normal(resource, "Created", names(outcome.created()));
        }
        if (!outcome.deleted().isEmpty()) {
            events.normal(resource, "Deleted", names(outcome.deleted()));
        }
        if (!outcome.corrected().isEmpty()) {
            events.normal(
                    resource,
                    "Corrected",
                    "changed by somebody and changed back: " + String.join("; ", outcome.corrected()));
        }
    }

    private static String names(List<HasMetadata> objects) {
        return String.join(
                ", ",
                objects.stream()
                        .map(object ->
                                object.getKind() + " " + object.getMetadata().getName())
                        .toList());
    }

    private void tell(
            GenericKubernetesResource resource, ClusterStatus status, List<Trouble> troubles, Transitions transitions) {
        if (Pause.before(transitions)) {
            events.normal(resource, "Resumed", "the cluster is kept as the specification says");
        }
        events.over(resource, troubles.stream().map(Trouble::reason).collect(Collectors.toSet()));
        for (var trouble : troubles) {
            events.warning(resource, trouble.reason(), trouble.message());
        }
        var ready = status.conditions().getFirst();
        if (!ready.status().equals("True")) {
            events.notReady(resource);
        } else if (!"True".equals(transitions.before("Ready"))) {
            events.normal(resource, "Ready", ready.message());
        }
    }

    private void report(GenericKubernetesResource resource, ClusterStatus told, Map<String, Object> status) {
        meters.report(ClusterKey.of(resource), told);
        if (status.equals(resource.get("status"))) {
            return;
        }
        var patch = new GenericKubernetesResourceBuilder()
                .withApiVersion(TickStormCluster.API_VERSION)
                .withKind(TickStormCluster.KIND)
                .withNewMetadata()
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .endMetadata()
                .addToAdditionalProperties("status", status)
                .build();
        try {
            client.genericKubernetesResources(Sight.CLUSTERS)
                    .inNamespace(resource.getMetadata().getNamespace())
                    .resource(patch)
                    .subresource("status")
                    .patch(serverSideApply());
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                throw e;
            }
        }
    }

    private static PatchContext serverSideApply() {
        var context = PatchContext.of(PatchType.SERVER_SIDE_APPLY);
        context.setFieldManager(Children.FIELD_MANAGER);
        context.setForce(true);
        return context;
    }

    @SuppressWarnings("unchecked") // an object of JSON is a mapping with text for keys
    private static Map<String, Object> mapping(GenericKubernetesResource resource) {
        return JSON.convertValue(resource, Map.class);
    }

    @SuppressWarnings("unchecked") // as above
    private static Map<String, Object> tree(ClusterStatus status) {
        return JSON.convertValue(status, Map.class);
    }
}
