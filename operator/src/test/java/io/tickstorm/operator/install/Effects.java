package io.tickstorm.operator.install;

import java.util.List;
import java.util.Map;

/** Every value of the chart and what it does. */
final class Effects {
    private static final String DEPLOYMENT = "Deployment/tickstorm-operator in tickstorm-system";
    private static final String CONTAINER = "spec.template.spec.containers.0.";
    private static final String ACCOUNT = "ServiceAccount/tickstorm-operator in tickstorm-system";
    private static final String POLICY = "NetworkPolicy/tickstorm-operator in tickstorm-system";
    private static final String MONITOR = "PodMonitor/tickstorm-operator in tickstorm-system";
    private static final String CLUSTERS_MONITOR = "ServiceMonitor/tickstorm-operator-clusters in tickstorm-system";
    private static final String RULE = "PrometheusRule/tickstorm-operator in tickstorm-system";
    private static final String DASHBOARDS = "ConfigMap/tickstorm-operator-dashboards in tickstorm-system";
    private static final String CLUSTER = "ConfigMap/tickstorm-operator-cluster in tickstorm-system";
    private static final String DEFINITION = "CustomResourceDefinition/tickstormclusters.tickstorm.io";
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    static final List<Effect> ALL = List.of(
            new Effect(
                    "image.repository",
                    "{image: {repository: here/operator}}",
                    DEPLOYMENT,
                    CONTAINER + "image",
                    "here/operator:" + version()),
            new Effect("image.tag", "{image: {tag: '2'}}", DEPLOYMENT, CONTAINER + "image", "tickstorm/operator:2"),
            new Effect(
                    "image.digest",
                    "{image: {tag: '2', digest: '" + DIGEST + "'}}",
                    DEPLOYMENT,
                    CONTAINER + "image",
                    "tickstorm/operator@" + DIGEST),
            new Effect(
                    "image.pullPolicy",
                    "{image: {pullPolicy: Always}}",
                    DEPLOYMENT,
                    CONTAINER + "imagePullPolicy",
                    "Always"),
            new Effect(
                    "image.pullPolicy",
                    "{image: {pullPolicy: Always}}",
                    DEPLOYMENT,
                    environment("IMAGE_PULL_POLICY"),
                    "Always"),
            new Effect(
                    "proxy.image.repository",
                    "{proxy: {image: {repository: here/proxy}}}",
                    DEPLOYMENT,
                    environment("PROXY_IMAGE"),
                    "here/proxy:" + version()),
            new Effect(
                    "proxy.image.tag",
                    "{proxy: {image: {tag: '2'}}}",
                    DEPLOYMENT,
                    environment("PROXY_IMAGE"),
                    "tickstorm/proxy:2"),
            new Effect(
                    "proxy.image.digest",
                    "{proxy: {image: {digest: '" + DIGEST + "'}}}",
                    DEPLOYMENT,
                    environment("PROXY_IMAGE"),
                    "tickstorm/proxy@" + DIGEST),
            new Effect(
                    "backend.image.repository",
                    "{backend: {image: {repository: here/backend}}}",
                    DEPLOYMENT,
                    environment("BACKEND_IMAGE"),
                    "here/backend:" + version()),
            new Effect(
                    "backend.image.tag",
                    "{backend: {image: {tag: '2'}}}",
                    DEPLOYMENT,
                    environment("BACKEND_IMAGE"),
                    "tickstorm/backend:2"),
            new Effect(
                    "backend.image.digest",
                    "{backend: {image: {digest: '" + DIGEST + "'}}}",
                    DEPLOYMENT,
                    environment("BACKEND_IMAGE"),
                    "tickstorm/backend@" + DIGEST),
            new Effect(
                    "imagePullSecrets",
                    "{imagePullSecrets: [{name: pull}]}",
                    DEPLOYMENT,
                    "spec.template.spec.imagePullSecrets",
                    List.of(Map.of("name", "pull"))),
            new Effect("replicas", "{replicas: 3}", DEPLOYMENT, "spec.replicas", 3),
            new Effect(
                    "watchNamespaces", "{watchNamespaces: [a, b]}", DEPLOYMENT, environment("WATCH_NAMESPACE"), "a,b"),
            new Effect("watchNamespaces", "{watchNamespaces: [a, b]}", "Role/tickstorm-operator in b", "", ""),
            new Effect("watchNamespaces", "{watchNamespaces: [a, b]}", "ClusterRole/tickstorm-operator", "", null),
            new Effect("crds.enabled", "{crds: {enabled: false}}", DEFINITION, "", null),
            new Effect("crds.keep", "{crds: {keep: false}}", DEFINITION, "metadata.annotations", null),
            new Effect("cluster.create", "{cluster: {create: true}}", CLUSTER, "", ""),
            new Effect(
                    "cluster.name",
                    "{cluster: {create: true, name: shop}}",
                    "Role/tickstorm-operator-cluster in tickstorm-system",
                    "rules.0.resourceNames",
                    List.of("shop")),
            new Effect(
                    "cluster.spec",
                    "{cluster: {create: true, spec: {backend: {replicas: 5}}}}",
                    CLUSTER,
                    "yaml spec.backend.replicas",
                    5),
            new Effect(
                    "customMetrics.enabled",
                    "{customMetrics: {enabled: false}}",
                    "Service/tickstorm-operator-custom-metrics in tickstorm-system",
                    "",
                    null),
            new Effect(
                    "customMetrics.enabled",
                    "{customMetrics: {enabled: false}}",
                    DEPLOYMENT,
                    environment("CUSTOM_METRICS"),
                    null),
            new Effect("rbac.create", "{rbac: {create: false}}", "ClusterRole/tickstorm-operator", "", null),
            new Effect(
                    "rbac.create",
                    "{rbac: {create: false}}",
                    "RoleBinding/tickstorm-operator-leader in tickstorm-system",
                    "",
                    null),
            new Effect("rbac.aggregate", "{rbac: {aggregate: false}}", "ClusterRole/tickstorm-operator-edit", "", null),
            new Effect(
                    "rbac.secrets",
                    "{rbac: {secrets: [shop-tls]}}",
                    "ClusterRole/tickstorm-operator",
                    "rules.13.resourceNames",
                    List.of("shop-tls")),
            new Effect(
                    "rbac.secrets",
                    "{rbac: {secrets: ['*']}, watchNamespaces: [shop]}",
                    "Role/tickstorm-operator in shop",
                    "rules.13",
                    Map.of(
                            "apiGroups",
                            List.of(""),
                            "resources",
                            List.of("secrets"),
                            "verbs",
                            List.of("list", "watch"))),
            new Effect("serviceAccount.create", "{serviceAccount: {create: false}}", ACCOUNT, "", null),
            new Effect(
                    "serviceAccount.name",
                    "{serviceAccount: {name: me}}",
                    "ServiceAccount/me in tickstorm-system",
                    "",
                    ""),
            new Effect(
                    "serviceAccount.name",
                    "{serviceAccount: {name: me}}",
                    DEPLOYMENT,
                    "spec.template.spec.serviceAccountName",
                    "me"),
            new Effect(
                    "serviceAccount.name",
                    "{serviceAccount: {name: me}}",
                    "ClusterRoleBinding/tickstorm-operator",
                    "subjects.0.name",
                    "me"),
            new Effect(
                    "serviceAccount.annotations",
                    "{serviceAccount: {annotations: {a: b}}}",
                    ACCOUNT,
                    "metadata.annotations",
                    Map.of("a", "b")),
            new Effect(
                    "resources.requests",
                    "{resources: {requests: {cpu: 1}}}",
                    DEPLOYMENT,
                    CONTAINER + "resources.requests.cpu",
                    1),
            new Effect(
                    "resources.limits",
                    "{resources: {limits: {memory: 1Gi}}}",
                    DEPLOYMENT,
                    CONTAINER + "resources.limits.memory",
                    "1Gi"),
            new Effect(
                    "javaOptions",
                    "{javaOptions: '-XX:MaxRAMPercentage=50'}",
                    DEPLOYMENT,
                    environment("JDK_JAVA_OPTIONS"),
                    "-XX:MaxRAMPercentage=50"),
            new Effect(
                    "podLabels", "{podLabels: {team: edge}}", DEPLOYMENT, "spec.template.metadata.labels.team", "edge"),
            new Effect(
                    "podAnnotations",
                    "{podAnnotations: {team: edge}}",
                    DEPLOYMENT,
                    "spec.template.metadata.annotations.team",
                    "edge"),
            new Effect(
                    "nodeSelector",
                    "{nodeSelector: {disk: ssd}}",
                    DEPLOYMENT,
                    "spec.template.spec.nodeSelector",
                    Map.of("disk", "ssd")),
            new Effect(
                    "tolerations",
                    "{tolerations: [{operator: Exists}]}",
                    DEPLOYMENT,
                    "spec.template.spec.tolerations",
                    List.of(Map.of("operator", "Exists"))),
            new Effect(
                    "affinity",
                    "{affinity: {podAffinity: {}}}",
                    DEPLOYMENT,
                    "spec.template.spec.affinity",
                    Map.of("podAffinity", Map.of())),
            new Effect(
                    "priorityClassName",
                    "{priorityClassName: high}",
                    DEPLOYMENT,
                    "spec.template.spec.priorityClassName",
                    "high"),
            new Effect(
                    "podDisruptionBudget.enabled",
                    "{podDisruptionBudget: {enabled: false}}",
                    "PodDisruptionBudget/tickstorm-operator in tickstorm-system",
                    "",
                    null),
            new Effect(
                    "networkPolicy.enabled",
                    "{networkPolicy: {enabled: true}}",
                    POLICY,
                    "spec.ingress.1.from",
                    List.of(Map.of("namespaceSelector", Map.of()))),
            new Effect(
                    "networkPolicy.metricsFrom",
                    "{networkPolicy: {enabled: true, metricsFrom: [{podSelector: {}}]}}",
                    POLICY,
                    "spec.ingress.1.from",
                    List.of(Map.of("podSelector", Map.of()))),
            new Effect(
                    "networkPolicy.apiServerPorts",
                    "{networkPolicy: {enabled: true, apiServerPorts: [8443]}}",
                    POLICY,
                    "spec.egress.1.ports",
                    List.of(Map.of("port", 8443, "protocol", "TCP"))),
            new Effect(
                    "podMonitor.enabled",
                    "{podMonitor: {enabled: true}}",
                    MONITOR,
                    "spec.podMetricsEndpoints.0.port",
                    "metrics"),
            new Effect(
                    "podMonitor.interval",
                    "{podMonitor: {enabled: true, interval: 5s}}",
                    MONITOR,
                    "spec.podMetricsEndpoints.0.interval",
                    "5s"),
            new Effect(
                    "podMonitor.labels",
                    "{podMonitor: {enabled: true, labels: {release: x}}}",
                    MONITOR,
                    "metadata.labels.release",
                    "x"),
            new Effect(
                    "serviceMonitor.enabled",
                    "{serviceMonitor: {enabled: true}}",
                    CLUSTERS_MONITOR,
                    "spec.namespaceSelector.any",
                    true),
            new Effect(
                    "serviceMonitor.enabled",
                    "{serviceMonitor: {enabled: true}, watchNamespaces: [shop, blog]}",
                    CLUSTERS_MONITOR,
                    "spec.namespaceSelector.matchNames",
                    List.of("shop", "blog")),
            new Effect(
                    "serviceMonitor.interval",
                    "{serviceMonitor: {enabled: true, interval: 5s}}",
                    CLUSTERS_MONITOR,
                    "spec.endpoints.0.interval",
                    "5s"),
            new Effect(
                    "serviceMonitor.labels",
                    "{serviceMonitor: {enabled: true, labels: {release: x}}}",
                    CLUSTERS_MONITOR,
                    "metadata.labels.release",
                    "x"),
            new Effect(
                    "prometheusRule.enabled",
                    "{prometheusRule: {enabled: true}}",
                    RULE,
                    "spec.groups.0.name",
                    "tickstorm-operator"),
            new Effect(
                    "prometheusRule.labels",
                    "{prometheusRule: {enabled: true, labels: {release: x}}}",
                    RULE,
                    "metadata.labels.release",
                    "x"),
            new Effect(
                    "prometheusRule.clusters",
                    "{prometheusRule: {enabled: true, clusters: true}}",
                    RULE,
                    "spec.groups.1.name",
                    "tickstorm-clusters"),
            new Effect(
                    "dashboards.enabled",
                    "{dashboards: {enabled: true}}",
                    DASHBOARDS,
                    "metadata.labels.grafana_dashboard",
                    "1"),
            new Effect(
                    "dashboards.labels",
                    "{dashboards: {enabled: true, labels: {grafana: main}}}",
                    DASHBOARDS,
                    "metadata.labels.grafana",
                    "main"),
            new Effect(
                    "dashboards.annotations",
                    "{dashboards: {enabled: true, annotations: {grafana_folder: Edge}}}",
                    DASHBOARDS,
                    "metadata.annotations",
                    Map.of("grafana_folder", "Edge")));

    private Effects() {}

    private static String environment(String name) {
        return "env " + name;
    }

    private static String version() {
        return String.valueOf(Manifest.all(Manifest.file("helm/tickstorm/Chart.yaml"))
                .getFirst()
                .at("appVersion"));
    }
}
