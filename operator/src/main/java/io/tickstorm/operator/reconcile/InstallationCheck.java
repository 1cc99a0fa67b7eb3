package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the API server, with the rights of the operator, whether an installation works: for {@code helm test}. */
public final class InstallationCheck {
    /** Two lease times: a leader that was lost has been replaced by then. */
    private static final Duration FRESH = Operator.LEASE_TIME.multipliedBy(2);

    private InstallationCheck() {}

    /** What is wrong, and what to do; empty if nothing is. Blocks. */
    public static List<String> problems(KubernetesClient client, OperatorSettings settings, InstantSource clock) {
        var problems = new ArrayList<String>();
        if (settings.namespaces().isEmpty()) {
            clusters(client, null, problems);
        } else {
            settings.namespaces().forEach(namespace -> clusters(client, namespace, problems));
        }
        if (settings.leaderElection()) {
            leader(client, settings, clock, problems);
        }
        return problems;
    }

    private static void clusters(KubernetesClient client, @Nullable String namespace, List<String> problems) {
        var clusters = client.genericKubernetesResources(Sight.CLUSTERS);
        try {
            var where = namespace == null ? clusters.inAnyNamespace() : clusters.inNamespace(namespace);
            where.list();
        } catch (KubernetesClientException e) {
            problems.add("clusters of " + (namespace == null ? "all namespaces" : namespace)
                    + " cannot be listed (is the definition installed, and the operator's Role?): " + e.getMessage());
        }
    }

    private static void leader(
            KubernetesClient client, OperatorSettings settings, InstantSource clock, List<String> problems) {
        try {
            var lease = client.leases()
                    .inNamespace(settings.leaseNamespace())
                    .withName(Operator.LEASE)
                    .get();
            if (!fresh(lease, clock)) {
                problems.add("no process of the operator leads (expected: a lease " + Operator.LEASE + " in "
                        + settings.leaseNamespace() + " that was renewed within " + FRESH.toSeconds()
                        + " s); see the logs of the Deployment");
            }
        } catch (KubernetesClientException e) {
            problems.add("lease of the leader cannot be read: " + e.getMessage());
        }
    }

    private static boolean fresh(@Nullable Lease lease, InstantSource clock) {
        if (lease == null || lease.getSpec() == null || lease.getSpec().getRenewTime() == null) {
            return false;
        }
        var holder = lease.getSpec().getHolderIdentity();
        return holder != null
                && !holder.isEmpty()
                && lease.getSpec().getRenewTime().toInstant().plus(FRESH).isAfter(clock.instant());
    }
}
