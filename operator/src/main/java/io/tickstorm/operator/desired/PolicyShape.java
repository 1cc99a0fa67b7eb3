package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.AvailabilitySpec.WhenUnsatisfiable;
import io.tickstorm.operator.crd.ServiceSpec;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.time.Duration;
import java.util.List;

/** The form of what stands around the pods, for a resource that has not passed an API server: service, availability, network policy, monitoring. */
final class PolicyShape {
    private static final int MOST_SKEW = 1000;
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Syntax<String> PODS = new Syntax<>(
            "a number of pods, or a share such as 25%",
            true, text -> text.matches("[0-9]{1,4}|(100|[0-9]{1,2})%") ? text : null);

    private PolicyShape() {}

    static Section service(Section service) {
        ClusterShape.word(service, "type", ClusterShape.words(ServiceSpec.Type.values(), ServiceSpec.Type::word));
        ClusterShape.word(
                service,
                "externalTrafficPolicy",
                ClusterShape.words(ServiceSpec.TrafficPolicy.values(), ServiceSpec.TrafficPolicy::word));
        service.section("annotations", annotations -> Texts.mapping(annotations, Texts.ANY));
        ClusterShape.word(service, "cloud", ClusterShape.words(ServiceSpec.Cloud.values(), ServiceSpec.Cloud::word));
        service.bool("internal", false);
        service.optionalText("loadBalancerClass", ClusterShape.TEXT);
        ClusterShape.texts(service, "sourceRanges", Texts.RANGE);
        ClusterShape.word(
                service,
                "ipFamilyPolicy",
                ClusterShape.words(ServiceSpec.IpFamilyPolicy.values(), ServiceSpec.IpFamilyPolicy::word));
        return service;
    }

    static Section availability(Section availability) {
        availability.section("disruptionBudget", budget -> {
            budget.bool("enabled", true);
            budget.optionalText("maxUnavailable", PODS);
            return budget;
        });
        availability.section("topologySpread", spread -> {
            spread.bool("enabled", true);
            spread.integer("zoneMaxSkew", 1, MOST_SKEW, 1);
            spread.integer("nodeMaxSkew", 1, MOST_SKEW, 1);
            ClusterShape.word(
                    spread,
                    "whenUnsatisfiable",
                    ClusterShape.words(WhenUnsatisfiable.values(), WhenUnsatisfiable::word));
            return spread;
        });
        return availability;
    }

    static Section networkPolicy(Section policy) {
        policy.bool("enabled", true);
        policy.list("clients", PolicyShape::peer);
        ClusterShape.word(policy, "backendAccess", List.of("Anyone", "Proxies"));
        policy.list("backendClients", PolicyShape::peer);
        return policy;
    }

    static Section monitoring(Section monitoring) {
        monitoring.section("serviceMonitor", monitor -> {
            monitor.bool("enabled", true);
            monitor.section("labels", labels -> Texts.mapping(labels, Texts.LABEL));
            monitor.duration("interval", Duration.ofSeconds(1), LONGEST, Duration.ofSeconds(15));
            return monitor;
        });
        monitoring.section("prometheusRule", rule -> {
            rule.bool("enabled", true);
            rule.section("labels", labels -> Texts.mapping(labels, Texts.LABEL));
            return rule;
        });
        return monitoring;
    }

    private static Section peer(Section peer) {
        peer.optionalSection("ipBlock", block -> {
            block.text("cidr", Texts.RANGE);
            ClusterShape.texts(block, "except", Texts.RANGE);
            return block;
        });
        peer.optionalSection("namespaceSelector", PolicyShape::selector);
        peer.optionalSection("podSelector", PolicyShape::selector);
        return peer;
    }

    private static Section selector(Section selector) {
        selector.section("matchLabels", labels -> Texts.mapping(labels, Texts.LABEL));
        return selector;
    }
}
