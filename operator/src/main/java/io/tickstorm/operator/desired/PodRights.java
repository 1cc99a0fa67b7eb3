package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;

/** What the containers may do. */
final class PodRights {
    private PodRights() {}

    /** The Kubernetes profile "restricted": not root, no privileges, no capabilities, the runtime's system call filter. */
    static PodSecurityContext restrictedPod() {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }

    static SecurityContext restricted() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    /** As {@link #restricted}, and nothing can be written but what is mounted: for our own images, which need no more. */
    static SecurityContext readOnly() {
        return new SecurityContextBuilder(restricted())
                .withReadOnlyRootFilesystem(true)
                .build();
    }

    /** For images that were not made for the profile: as their own user, who may be root, but no process can gain more. */
    static PodSecurityContext baselinePod() {
        return new PodSecurityContextBuilder()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }

    static SecurityContext baseline() {
        return new SecurityContextBuilder().withAllowPrivilegeEscalation(false).build();
    }
}
