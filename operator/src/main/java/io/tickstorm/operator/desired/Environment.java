package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.tickstorm.operator.crd.BackendSpec;
import io.tickstorm.operator.crd.EnvVariable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Environment variables of containers. */
final class Environment {
    /** What our processes call themselves in answers, metrics and logs. */
    private static final String INSTANCE_ID = "INSTANCE_ID";

    private Environment() {}

    /** Our own processes are known by the name of their pod. */
    static EnvVar instanceId() {
        return new EnvVarBuilder()
                .withName(INSTANCE_ID)
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath("metadata.name")
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    /** The zone of the pod's node: Kubernetes copies it to a label of the pod from version 1.35 on; before that it is empty, which is not known. */
    static EnvVar zone() {
        return new EnvVarBuilder()
                .withName("ZONE")
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath("metadata.labels['topology.kubernetes.io/zone']")
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    static List<EnvVar> of(BackendSpec backend) {
        var variables = new ArrayList<EnvVar>();
        if (backend.reference()) {
            var given = backend.env().stream().map(EnvVariable::name).collect(Collectors.toSet());
            reference(backend)
                    .filter(variable -> !given.contains(variable.getName()))
                    .forEach(variables::add);
        }
        backend.env().stream().map(Environment::variable).forEach(variables::add);
        return variables;
    }

    /** The reference backend's settings. It has served for the drain delay before it gets SIGTERM, so its own is short: it only spreads the ends of its sessions. */
    private static Stream<EnvVar> reference(BackendSpec backend) {
        var ports = backend.ports().entrySet().stream()
                .map(port -> new EnvVar(
                        port.getKey().toUpperCase(Locale.ROOT) + "_PORT", String.valueOf(port.getValue()), null));
        var drain = Stream.of(
                new EnvVar("DRAIN_DELAY", Rollout.SPREAD_OF_ENDS + "s", null),
                new EnvVar("DRAIN_TIMEOUT", backend.drain().timeout(), null));
        return Stream.concat(Stream.of(instanceId()), Stream.concat(drain, ports));
    }

    private static EnvVar variable(EnvVariable variable) {
        var built = new EnvVarBuilder().withName(variable.name()).withValue(variable.value());
        var source = variable.valueFrom();
        if (source == null) {
            return built.build();
        }
        var from = built.withNewValueFrom();
        if (source.secretKeyRef() instanceof EnvVariable.Key key) {
            from.withNewSecretKeyRef(key.key(), key.name(), key.optional());
        }
        if (source.configMapKeyRef() instanceof EnvVariable.Key key) {
            from.withNewConfigMapKeyRef(key.key(), key.name(), key.optional());
        }
        if (source.fieldRef() instanceof EnvVariable.Field field) {
            from.withNewFieldRef("v1", field.fieldPath());
        }
        return from.endValueFrom().build();
    }
}
