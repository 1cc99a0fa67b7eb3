package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an API server's refusal means to the person who wrote the cluster. */
final class Refusal {
    private static final int FORBIDDEN = 403;
    private static final int INVALID = 422;

    private Refusal() {}

    static Trouble of(HasMetadata desired, KubernetesClientException refusal) {
        var object = desired.getKind() + " " + desired.getMetadata().getName();
        var said = said(refusal);
        var words = said.toLowerCase(Locale.ROOT);
        if (words.contains("already allocated")) {
            return new Trouble(
                    "NodePortTaken",
                    said
                            + "; another Service has this node port: free it, or name another one (30000 to 32767) in spec.loadBalancer.listeners[].nodePort");
        }
        if (words.contains("not in the valid range") && words.contains("port")) {
            return new Trouble(
                    "NodePortOutOfRange",
                    said
                            + "; name one that this Kubernetes cluster gives out in spec.loadBalancer.listeners[].nodePort, or leave it out for a free one");
        }
        if (words.contains("because it is being terminated")) {
            return new Trouble("NamespaceTerminating", object + ": " + said + "; nothing can be made in it any more");
        }
        if (words.contains("denied the request")) {
            return new Trouble(
                    "PolicyRefused", object + ": " + said + "; change what the policy objects to, or the policy");
        }
        if (refusal.getCode() == INVALID && (words.contains("immutable") || words.contains("may not change"))) {
            return new Trouble(
                    "Immutable",
                    object + ": " + said + "; delete the object, and it is made anew as the specification says");
        }
        if (words.contains("exceeded quota")) {
            return new Trouble(
                    "QuotaExceeded",
                    said + "; raise the ResourceQuota of the namespace or lower replicas or resources");
        }
        if (refusal.getCode() == FORBIDDEN) {
            return new Trouble(
                    "Forbidden",
                    object + ": " + said
                            + "; allow it to the operator (its ClusterRole or Role) or change the policy that refuses it");
        }
        return new Trouble("ApplyFailed", object + ": " + said);
    }

    static Trouble ofDeletion(HasMetadata object, KubernetesClientException refusal) {
        return new Trouble(
                "PruneFailed",
                object.getKind() + " " + object.getMetadata().getName() + " is wanted no more and cannot be deleted: "
                        + said(refusal));
    }

    static Trouble foreign(HasMetadata there) {
        return new Trouble(
                "NameTaken",
                there.getKind() + " " + there.getMetadata().getNamespace() + "/"
                        + there.getMetadata().getName()
                        + " is there and does not belong to this cluster; delete it, or give the cluster another name");
    }

    /** @param field of the resource that asks for a kind of object that the API server does not know */
    static Trouble unknownKind(String field) {
        return new Trouble(
                "KindUnknown",
                field + ".enabled: true, but the API server does not know this kind; install the Prometheus operator,"
                        + " or leave enabled out to have the object as soon as the kind is there");
    }

    private static String said(KubernetesClientException refusal) {
        @Nullable Status status = refusal.getStatus();
        var message = status == null || status.getMessage() == null ? refusal.getMessage() : status.getMessage();
        return message == null ? refusal.toString() : message.strip();
    }
}
