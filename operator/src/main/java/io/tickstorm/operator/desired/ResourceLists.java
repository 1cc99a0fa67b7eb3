package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.tickstorm.operator.crd.Resources;
import org.jspecify.annotations.Nullable;

/** Processor and memory as containers have them. */
final class ResourceLists {
    private ResourceLists() {}

    static @Nullable ResourceRequirements of(@Nullable Resources resources) {
        if (resources == null) {
            return null;
        }
        return new ResourceRequirementsBuilder()
                .withRequests(resources.requests())
                .withLimits(resources.limits())
                .build();
    }

    /** Whether pods request the resource; Kubernetes takes a limit for the request where there is none. */
    static boolean requests(@Nullable Resources resources, String name) {
        return resources != null
                && (resources.requests().containsKey(name) || resources.limits().containsKey(name));
    }
}
