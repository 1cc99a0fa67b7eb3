package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * The Secrets of the proxies as files: one volume for all of them, so that what is renewed in any of them arrives by itself. A pod waits for a Secret that is not there
 * yet.
 */
final class Secrets {
    private static final String NAME = "secrets";

    private Secrets() {}

    /** @param keys those that are needed, by the names of their Secrets; none: there is no volume */
    static void addTo(PodSpecBuilder pod, SortedMap<String, SortedSet<String>> keys) {
        if (keys.isEmpty()) {
            return;
        }
        var sources = keys.entrySet().stream()
                .map(secret -> new VolumeProjectionBuilder()
                        .withSecret(projection(secret.getKey(), secret.getValue()))
                        .build())
                .toList();
        pod.addNewVolume()
                .withName(NAME)
                .withNewProjected()
                .withSources(sources)
                .endProjected()
                .endVolume();
    }

    static void mountIn(ContainerBuilder container) {
        container
                .addNewVolumeMount()
                .withName(NAME)
                .withMountPath(SecretFiles.FOLDER)
                .withReadOnly(true)
                .endVolumeMount();
    }

    private static SecretProjection projection(String secret, SortedSet<String> keys) {
        var items = keys.stream()
                .map(key -> new KeyToPath(key, null, secret + "/" + key))
                .toList();
        return new SecretProjection(items, secret, null);
    }
}
