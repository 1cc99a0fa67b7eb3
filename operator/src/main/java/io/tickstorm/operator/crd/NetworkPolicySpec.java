package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who may reach the pods, where the network of the Kubernetes cluster heeds NetworkPolicies. As it stands by itself it shuts nobody out. */
@ValidationRule(
        value = "!has(self.backendClients) || (has(self.backendAccess) && self.backendAccess == 'Proxies')",
        message = "backendClients are those who may reach backends beside the proxies; set backendAccess: Proxies")
public record NetworkPolicySpec(
        @JsonPropertyDescription("Whether there are NetworkPolicies.") @Default("true")
        Boolean enabled,

        @JsonPropertyDescription(
                "Who may reach the listeners of the proxies. Clients that come by a node port may appear as that node, unless"
                        + " service.externalTrafficPolicy is Local. Left out: anybody.")
        @Size(min = 1, max = 64)
        @Nullable
        List<Peer> clients,

        @JsonPropertyDescription(
                "Who may reach the backends. Anyone: they have no policy. Proxies: the proxies of this cluster, the backends among"
                        + " themselves, and anybody at the ports named health and metrics.")
        @Default("Anyone")
        BackendAccess backendAccess,

        @JsonPropertyDescription(
                "Who may reach the backends beside the proxies; with backendAccess: Proxies only. Left out: nobody.")
        @Size(max = 64)
        List<Peer> backendClients) {

    public NetworkPolicySpec(
            @Nullable Boolean enabled,
            @Nullable List<Peer> clients,
            @Nullable BackendAccess backendAccess,
            @Nullable List<Peer> backendClients) {
        this.enabled = requireNonNullElse(enabled, true);
        this.clients = clients == null ? null : List.copyOf(clients);
        this.backendAccess = requireNonNullElse(backendAccess, BackendAccess.ANYONE);
        this.backendClients = backendClients == null ? List.of() : List.copyOf(backendClients);
    }

    static NetworkPolicySpec defaults() {
        return new NetworkPolicySpec(null, null, null, null);
    }

    public enum BackendAccess {
        @JsonProperty("Anyone")
        ANYONE,
        @JsonProperty("Proxies")
        PROXIES
    }

    /** Addresses, or pods: those of the selected namespaces that are selected by their own labels as well. */
    @ValidationRule(
            value = "has(self.ipBlock) != (has(self.namespaceSelector) || has(self.podSelector))",
            message = "expected either ipBlock, or namespaceSelector and podSelector or one of them")
    public record Peer(
            @JsonPropertyDescription("A range of addresses.") @Nullable
            IpBlock ipBlock,

            @JsonPropertyDescription(
                    "Namespaces by their labels; {} is all of them. Left out: the namespace of the cluster.")
            @Nullable
            Selector namespaceSelector,

            @JsonPropertyDescription("Pods by their labels; {} is all of them. Left out: all.") @Nullable
            Selector podSelector) {}

    /** A range of addresses. */
    public record IpBlock(
            @JsonPropertyDescription("The range, such as 10.0.0.0/8 or fd00::/8.") @Required @Size(min = 3, max = 43)
            String cidr,

            @JsonPropertyDescription("Ranges in it that are left out. Left out: none.") @Size(max = 64)
            List<@Size(min = 3, max = 43) String> except) {

        public IpBlock(String cidr, @Nullable List<String> except) {
            this.cidr = cidr;
            this.except = except == null ? List.of() : List.copyOf(except);
        }
    }

    /** Objects that have all the labels. */
    public record Selector(
            @JsonPropertyDescription("Labels that must be there. Left out: none, so that all are selected.")
            @Size(max = 32)
            Map<String, String> matchLabels) {

        public Selector(@Nullable Map<String, String> matchLabels) {
            this.matchLabels = matchLabels == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(matchLabels));
        }
    }
}
