package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.tickstorm.operator.crd.BackendSpec;
import io.tickstorm.operator.crd.EnvVariable;
import java.util.ArrayList;
import java.util.List;

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

    static List<EnvVar> of(BackendSpec backend) {
        var variables = new ArrayList<EnvVar>();
        if (backend.reference()
                && backend.env().stream().noneMatch(variable -> variable.name().equals(INSTANCE_ID))) {
            variables.add(instanceId());
        }
        backend.env().stream().map(Environment::variable).forEach(variables::add);
        return variables;
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
