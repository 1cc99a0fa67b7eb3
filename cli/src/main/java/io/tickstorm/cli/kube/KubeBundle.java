package io.tickstorm.cli.kube;

import io.tickstorm.cli.bundle.Bundle;
import io.tickstorm.cli.bundle.Cleaner;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What only Kubernetes knows of a cluster: its objects, events, and the operator. */
public final class KubeBundle {
    /** Lists within a namespace that the labels of a cluster pick from; Secrets are none of them. */
    private static final Map<String, String> OWN = Map.of(
            "deployments", "/apis/apps/v1",
            "replicasets", "/apis/apps/v1",
            "pods", "/api/v1",
            "services", "/api/v1",
            "configmaps", "/api/v1",
            "endpointslices", "/apis/discovery.k8s.io/v1",
            "horizontalpodautoscalers", "/apis/autoscaling/v2",
            "poddisruptionbudgets", "/apis/policy/v1",
            "networkpolicies", "/apis/networking.k8s.io/v1");

    private static final String OPERATOR = "app.kubernetes.io%2Fname%3Dtickstorm-operator";
    private static final int OPERATOR_LOG_LIMIT = 4 << 20;

    private final KubePlace place;
    private final String operatorNamespace;

    /** @param operatorNamespace where the operator runs */
    public KubeBundle(KubePlace place, String operatorNamespace) {
        this.place = place;
        this.operatorNamespace = operatorNamespace;
    }

    /** What is the same for all clusters of the namespace. */
    public void add(Bundle bundle, Cleaner cleaner, int lines) throws InterruptedException {
        cleaner.know(place.client().getConfiguration().getOauthToken());
        cleaner.know(place.client().getConfiguration().getPassword());
        cleaner.know(place.client().getConfiguration().getClientKeyData());
        bundle.tree("kubernetes.json", () -> object("/version"));
        bundle.tree("events.json", () -> object("/api/v1/namespaces/" + place.namespace() + "/events?limit=2000"));
        var pods = "/api/v1/namespaces/" + operatorNamespace + "/pods";
        bundle.tree("operator/pods.json", () -> object(pods + "?labelSelector=" + OPERATOR));
        List<JsonObject> found;
        try {
            found = place.list(pods + "?labelSelector=" + OPERATOR);
        } catch (IOException e) {
            // The bundle has said so already.
            found = List.of();
        }
        for (var pod : found) {
            var name = pod.getJsonObject("metadata").getString("name");
            bundle.text(
                    "operator/" + name + ".log",
                    () -> place.raw(
                            pods + "/" + name + "/log?tailLines=" + lines + "&limitBytes=" + OPERATOR_LOG_LIMIT));
        }
    }

    /** The objects of one cluster. */
    public void add(Bundle bundle, String cluster) throws InterruptedException {
        for (var kind : OWN.entrySet()) {
            bundle.tree(
                    cluster + "/objects/" + kind.getKey() + ".json",
                    () -> object(kind.getValue() + "/namespaces/" + place.namespace() + "/" + kind.getKey()
                            + "?labelSelector=tickstorm.io%2Fcluster%3D" + cluster));
        }
    }

    private Map<String, Object> object(String path) throws IOException {
        var found = place.get(path);
        return found == null ? new JsonObject().put("items", new JsonArray()).getMap() : found.getMap();
    }
}
