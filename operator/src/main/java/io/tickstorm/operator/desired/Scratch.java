package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;

/** The one folder that our processes can write to: {@code /tmp}, for what a JVM leaves there when it is asked to (dumps, recordings). */
final class Scratch {
    private static final String NAME = "tmp";

    private Scratch() {}

    static void addTo(PodSpecBuilder pod) {
        pod.addNewVolume()
                .withName(NAME)
                .withNewEmptyDir()
                .withSizeLimit(new Quantity("512Mi"))
                .endEmptyDir()
                .endVolume();
    }

    static void mountIn(ContainerBuilder container) {
        container.addNewVolumeMount().withName(NAME).withMountPath("/tmp").endVolumeMount();
    }
}
