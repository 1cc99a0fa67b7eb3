package io.tickstorm.operator.reconcile;

import io.tickstorm.proxy.config.ConfigHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with the Secrets that the proxies of a cluster have as files. Pure.
 *
 * @param troubles what is missing, one trouble for all that is missing in the same way
 * @param version another one after every change of a Secret; null while that is not known, or something is missing
 */
record SecretReport(List<Trouble> troubles, @Nullable String version) {
    private static final Set<String> CERTIFICATE = Set.of("tls.crt", "tls.key");

    SecretReport {
        troubles = List.copyOf(troubles);
    }

    /**
     * Compares what is needed with what was seen.
     *
     * @param needed keys by the names of their Secrets
     * @param seen by name; a Secret that is not in it is not known, and nothing is said of it
     */
    static SecretReport of(
            String namespace, SortedMap<String, SortedSet<String>> needed, Map<String, SecretState> seen) {
        var absent = new ArrayList<String>();
        var lacking = new ArrayList<String>();
        var versions = new StringBuilder();
        needed.forEach((name, keys) -> {
            var state = seen.get(name);
            if (state == null) {
                return;
            }
            if (!state.there()) {
                absent.add("Secret " + name + " is not there (needed: " + String.join(", ", keys) + "); make it: "
                        + command(namespace, name, keys));
            } else if (!state.without(keys).isEmpty()) {
                lacking.add("Secret " + name + " has no " + String.join(", ", state.without(keys))
                        + "; add that, or name the key that it has in spec.loadBalancer (it has: "
                        + String.join(", ", state.keys().stream().sorted().toList()) + ")");
            }
            versions.append(name).append('=').append(state.version()).append('\n');
        });
        var troubles = new ArrayList<Trouble>();
        if (!absent.isEmpty()) {
            troubles.add(new Trouble(
                    "SecretMissing",
                    String.join("; ", absent)
                            + ". Proxies that start wait for it; those that serve go on with what they have"));
        }
        if (!lacking.isEmpty()) {
            troubles.add(new Trouble("SecretIncomplete", String.join("; ", lacking)));
        }
        return new SecretReport(
                troubles, troubles.isEmpty() && !versions.isEmpty() ? ConfigHash.of(versions.toString()) : null);
    }

    private static String command(String namespace, String name, Set<String> keys) {
        return CERTIFICATE.containsAll(keys)
                ? "kubectl create secret tls " + name + " -n " + namespace + " --cert=FILE --key=FILE"
                : "kubectl create secret generic " + name + " -n " + namespace
                        + String.join(
                                "",
                                keys.stream()
                                        .map(key -> " --from-file=" + key + "=FILE")
                                        .toList());
    }
}
