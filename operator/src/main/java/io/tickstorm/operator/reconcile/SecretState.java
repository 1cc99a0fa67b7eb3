package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known of a Secret: everything but its content.
 *
 * @param keys that have a value
 * @param version another one after every change; empty while the Secret is not there
 */
record SecretState(Set<String> keys, String version) {
    static final SecretState ABSENT = new SecretState(Set.of(), "");

    SecretState {
        keys = Set.copyOf(keys);
    }

    static SecretState of(Secret secret) {
        var metadata = secret.getMetadata();
        var data = Objects.requireNonNullElse(secret.getData(), Map.<String, String>of());
        return new SecretState(data.keySet(), metadata.getUid() + "/" + metadata.getResourceVersion());
    }

    boolean there() {
        return !version.isEmpty();
    }

    /** Those of the keys that are not there, in order. */
    Set<String> without(Set<String> needed) {
        var missing = new TreeSet<>(needed);
        missing.removeAll(keys);
        return missing;
    }
}
