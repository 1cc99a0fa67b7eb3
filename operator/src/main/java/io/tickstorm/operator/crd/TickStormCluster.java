package io.tickstorm.operator.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Backends and the proxies in front of them, as one resource. An empty specification is a whole cluster. */
@Group(TickStormCluster.GROUP)
@Version(TickStormCluster.VERSION)
@Kind(TickStormCluster.KIND)
@Plural(TickStormCluster.PLURAL)
@Singular("tickstormcluster")
@ShortNames("tsc")
@Categories("tickstorm")
@ValidationRule(
        value = "size(self.metadata.name) <= 40",
        message =
                "metadata.name: at most 40 characters, because the names of its Deployments and pods are made from it; choose a shorter name")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message =
                "metadata.name: lower-case letters, digits and '-', beginning with a letter, because Services are named after it; choose another name")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Backends", jsonPath = ".status.backend.ready")
@AdditionalPrinterColumn(name = "Proxies", jsonPath = ".status.loadBalancer.ready")
@AdditionalPrinterColumn(name = "Node ports", jsonPath = ".status.loadBalancer.nodePorts")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message", priority = 1)
public final class TickStormCluster extends CustomResource<ClusterSpec, ClusterStatus> implements Namespaced {
    @Serial
    private static final long serialVersionUID = 1L;

    /** API group of every resource and label of this product. */
    public static final String GROUP = "tickstorm.io";

    public static final String VERSION = "v1alpha1";
    public static final String API_VERSION = GROUP + "/" + VERSION;
    public static final String KIND = "TickStormCluster";
    public static final String PLURAL = "tickstormclusters";

    @Override
    protected ClusterSpec initSpec() {
        return ClusterSpec.defaults();
    }

    /** Absent until the operator has seen the resource. */
    @Override
    protected @Nullable ClusterStatus initStatus() {
        return null;
    }
}
