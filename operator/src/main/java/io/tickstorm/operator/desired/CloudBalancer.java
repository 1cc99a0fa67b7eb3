package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.ServiceSpec;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a cloud's load balancer is told by annotations of the Service.
 *
 * <p>AWS: a Network Load Balancer that sends to the pods themselves, so that no node stands between, and asks each at its health port for {@code /ping}, which says 503
 * from SIGTERM on, while the proxy still serves. Google: a passthrough balancer sends to nodes, whose kube-proxy answers its checks by the readiness of the proxies.
 */
final class CloudBalancer {
    private static final String AWS = "service.beta.kubernetes.io/aws-load-balancer-";
    private static final String AWS_CHECK = AWS + "healthcheck-";
    /** The shortest that a Network Load Balancer may be told, in seconds. */
    private static final String CHECK_INTERVAL = "5";

    private CloudBalancer() {}

    /** Those of the cloud, and above them those that the resource names itself. */
    static Map<String, String> annotations(ServiceSpec service, long drainSeconds) {
        var annotations = new TreeMap<String, String>();
        var internal = Boolean.TRUE.equals(service.internal());
        switch (service.cloud()) {
            case AWS -> aws(service, internal, drainSeconds, annotations);
            case GOOGLE -> google(service, internal, annotations);
            case null -> {
                // said by annotations alone, if at all
            }
        }
        annotations.putAll(service.annotations());
        return annotations;
    }

    private static void aws(ServiceSpec service, boolean internal, long drainSeconds, Map<String, String> annotations) {
        if (service.loadBalancerClass() == null) {
            annotations.put(AWS + "type", "external");
        }
        annotations.put(AWS + "nlb-target-type", "ip");
        annotations.put(AWS + "scheme", internal ? "internal" : "internet-facing");
        annotations.put(AWS + "attributes", "load_balancing.cross_zone.enabled=true");
        // connections of a pod that ends go on for as long as it lets them
        annotations.put(
                AWS + "target-group-attributes",
                "deregistration_delay.timeout_seconds=" + Math.min(drainSeconds, 3600));
        annotations.put(AWS_CHECK + "protocol", "http");
        annotations.put(AWS_CHECK + "port", String.valueOf(Proxies.HEALTH_PORT));
        annotations.put(AWS_CHECK + "path", "/ping");
        annotations.put(AWS_CHECK + "interval", CHECK_INTERVAL);
        annotations.put(AWS_CHECK + "healthy-threshold", "2");
        annotations.put(AWS_CHECK + "unhealthy-threshold", "2");
        if (service.ipFamilyPolicy() != null && service.ipFamilyPolicy() != ServiceSpec.IpFamilyPolicy.SINGLE_STACK) {
            annotations.put(AWS + "ip-address-type", "dualstack");
        }
    }

    private static void google(ServiceSpec service, boolean internal, Map<String, String> annotations) {
        if (internal) {
            annotations.put("networking.gke.io/load-balancer-type", "Internal");
        } else if (service.loadBalancerClass() == null) {
            annotations.put("cloud.google.com/l4-rbs", "enabled");
        }
        if (!internal && service.externalTrafficPolicy() == ServiceSpec.TrafficPolicy.LOCAL) {
            // a node with two proxies gets twice as much
            annotations.put("networking.gke.io/weighted-load-balancing", "pods-per-node");
        }
    }
}
