package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.Pod;
import io.tickstorm.operator.telemetry.ProxyReport;
import java.time.Duration;

/** What a person is told of proxies that do not take over their configuration, and what to do. */
final class Complaints {
    private Complaints() {}

    /** The proxy says itself what is wrong. */
    static Trouble flawed(Pod pod, ProxyReport report) {
        var words = String.join("; ", report.problems());
        return report.refused()
                ? new Trouble(
                        "ConfigurationRefused",
                        name(pod) + " refuses the configuration and goes on with the one before: " + words
                                + "; change what it names in spec.loadBalancer, or let spec.loadBalancer.image be of the operator's version")
                : new Trouble(
                        "ConfigurationFlawed",
                        name(pod) + " has not taken over all of the configuration: " + words
                                + "; change what it names in spec.loadBalancer, or restart the proxies: kubectl rollout restart -n "
                                + namespace(pod) + " deployment");
    }

    /** It says nothing. */
    static Trouble silent(Pod pod) {
        return new Trouble(
                "ProxySilent",
                name(pod) + " at " + pod.getStatus().getPodIP()
                        + " does not tell the operator which configuration it has; let the operator reach the port \"metrics\" of the"
                        + " proxies (NetworkPolicy), and see: kubectl logs -n " + namespace(pod) + " "
                        + pod.getMetadata().getName());
    }

    /** It goes on with the one before, and has not complained of the new one. */
    static Trouble late(Pod pod, String has, String wanted, Duration waited) {
        return new Trouble(
                "ConfigurationLate",
                name(pod) + " runs by configuration " + (has.isEmpty() ? "none" : has) + " (expected: " + wanted + "), "
                        + waited.toSeconds() + " s after it was applied; the kubelet of node "
                        + pod.getSpec().getNodeName()
                        + " has not brought it the ConfigMap: see kubectl describe pod -n "
                        + namespace(pod) + " " + pod.getMetadata().getName() + ", or delete the pod");
    }

    private static String name(Pod pod) {
        return "proxy pod " + pod.getMetadata().getName();
    }

    private static String namespace(Pod pod) {
        return pod.getMetadata().getNamespace();
    }
}
