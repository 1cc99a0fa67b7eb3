package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.install.ValuesSchema.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart, by Helm's own library: what each value does, and what it says of wrong ones. */
class ChartTest {
    private static final String DEPLOYMENT = "Deployment/tickstorm-operator in tickstorm-system";
    private static final String CONTAINER = "spec.template.spec.containers.0.";
    private static final String ACCOUNT = "ServiceAccount/tickstorm-operator in tickstorm-system";
    private static final String POLICY = "NetworkPolicy/tickstorm-operator in tickstorm-system";
    private static final String MONITOR = "PodMonitor/tickstorm-operator in tickstorm-system";
    private static final String RULE = "PrometheusRule/tickstorm-operator in tickstorm-system";
    private static final String DASHBOARDS = "ConfigMap/tickstorm-operator-dashboards in tickstorm-system";
    private static final String CLUSTER = "ConfigMap/tickstorm-operator-cluster in tickstorm-system";
    private static final String DEFINITION = "CustomResourceDefinition/tickstormclusters.tickstorm.io";
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    private final ValuesSchema schema = new ValuesSchema();

    /**
     * What a value does.
     *
     * @param value whose effect it is
     * @param values YAML that sets it, and what it needs to have an effect
     * @param object in which the effect is seen
     * @param path where in it; empty: that it is there
     * @param effect what is seen there; null: nothing
     */
    private record Effect(
            String value,
            String values,
            String object,
            String path,
            @Nullable Object effect) {}

    private static final List<Effect> EFFECTS = List.of(
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

    @TestFactory
    Stream<DynamicTest> whatAValueDoes() {
        return EFFECTS.stream()
                .map(effect -> DynamicTest.dynamicTest(effect.values() + " in " + effect.object(), () -> {
                    var object = find(Chart.render(effect.values()), effect.object());
                    var before = find(Chart.render(""), effect.object());

                    assertThat(seen(object, effect)).isEqualTo(effect.effect());
                    assertThat(seen(before, effect)).as("without it").isNotEqualTo(effect.effect());
                }));
    }

    @Test
    void everyValueHasAnEffect() {
        var values = schema.values().stream()
                .map(Value::path)
                .filter(path -> !path.equals("global"))
                .toList();

        assertThat(EFFECTS.stream().map(Effect::value).distinct()).containsExactlyInAnyOrderElementsOf(values);
    }

    @Test
    void valuesAndSchemaNameTheSame() {
        var defaults = Manifest.all(Manifest.file("helm/tickstorm/values.yaml")).getFirst();

        assertThat(schema.values())
                .filteredOn(value -> !value.path().equals("global"))
                .allSatisfy(value ->
                        assertThat(defaults.at(value.path())).as(value.path()).isNotNull());
        assertThat(schema.sections())
                .allSatisfy(section -> assertThat(
                                section.path().isEmpty() ? defaults.tree() : Manifest.map(defaults.at(section.path())))
                        .as(section.path())
                        .hasSameSizeAs(ofUse(section)));
    }

    private static List<String> ofUse(Value section) {
        return Manifest.map(section.schema().get("properties")).keySet().stream()
                .filter(key -> !key.equals("global"))
                .toList();
    }

    @Test
    void everyValueIsDescribed() {
        assertThat(Stream.concat(
                        schema.values().stream(), schema.sections().stream().skip(1)))
                .allSatisfy(value ->
                        assertThat(value.description()).as(value.path()).matches("[A-Z].*[.]"));
    }

    @TestFactory
    Stream<DynamicTest> aValueOfAWrongTypeIsRefusedByItsPath() {
        return schema.values().stream()
                .map(value -> DynamicTest.dynamicTest(value.path(), () -> {
                    var wrong = value.type().equals("string") ? "[1]" : "'?'";

                    assertThat(Chart.refusal(nested(value.path(), wrong)))
                            .contains("at '/" + value.path().replace('.', '/') + "'");
                }));
    }

    @TestFactory
    Stream<DynamicTest> aValueThatNobodyKnowsIsRefused() {
        return schema.sections().stream()
                .map(section -> DynamicTest.dynamicTest("." + section.path(), () -> {
                    var path = section.path().isEmpty() ? "unknown" : section.path() + ".unknown";

                    assertThat(Chart.refusal(nested(path, "1")))
                            .contains("additional properties 'unknown' not allowed");
                }));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {image: {repository: 'UPPER/case'}}                | at '/image/repository': 'UPPER/case' does not match pattern
            {image: {repository: ''}}                          | at '/image/repository': '' does not match pattern
            {image: {repository: 'here/operator:1'}}           | at '/image/repository'
            {image: {tag: 'a b'}}                              | at '/image/tag': 'a b' does not match pattern
            {proxy: {image: {digest: 'sha256:1'}}}             | at '/proxy/image/digest': 'sha256:1' does not match pattern
            {image: {pullPolicy: Now}}                         | value must be one of 'Always', 'IfNotPresent', 'Never'
            {imagePullSecrets: [pull]}                         | at '/imagePullSecrets/0': got string, want object
            {imagePullSecrets: [{}]}                           | missing property 'name'
            {replicas: 0}                                      | at '/replicas': minimum: got 0, want 1
            {replicas: 11}                                     | at '/replicas': maximum: got 11, want 10
            {watchNamespaces: [a, a]}                          | items at 0 and 1 are equal
            {watchNamespaces: [My_Space]}                      | at '/watchNamespaces/0': 'My_Space' does not match pattern
            {cluster: {name: 1st}}                             | at '/cluster/name': '1st' does not match pattern
            {cluster: {name: a-name-that-is-longer-than-forty-characters}} | maxLength: got 43, want 40
            {serviceAccount: {name: Me}}                       | at '/serviceAccount/name'
            {serviceAccount: {annotations: {a: 1}}}            | at '/serviceAccount/annotations/a': got number, want string
            {podLabels: {a: true}}                             | at '/podLabels/a': got boolean, want string
            {resources: {claims: []}}                          | additional properties 'claims' not allowed
            {networkPolicy: {apiServerPorts: []}}              | minItems: got 0, want 1
            {networkPolicy: {apiServerPorts: [70000]}}         | maximum: got 70,000, want 65,535
            {podMonitor: {interval: often}}                    | at '/podMonitor/interval': 'often' does not match pattern
            """)
    void aWrongValueIsRefusedWithWhatWasExpected(String values, String message) {
        assertThat(Chart.refusal(values)).contains(message);
    }

    @Test
    void lintFindsNothing() {
        var result = Chart.helm().lint().strict().call();

        assertThat(result.isFailed()).isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.contains("WARNING") || message.contains("ERROR"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tickstorm", "edge", "a-release-whose-name-has-the-most-that-helm-allows-53"})
    void aReleaseMayHaveAnyName(String release) {
        var objects = Chart.render(release, "{dashboards: {enabled: true}}");

        assertThat(objects).extracting(Manifest::id).doesNotHaveDuplicates();
        assertThat(objects)
                .filteredOn(object -> List.of("Deployment", "Service").contains(object.kind()))
                .allMatch(object -> object.name().length() <= 63);
        assertThat(objects)
                .filteredOn(object -> object.kind().equals("Deployment"))
                .allMatch(object ->
                        Manifest.map(object.at("spec.selector.matchLabels")).containsValue(release));
    }

    @Test
    void namespacesInsteadOfTheWholeClusterNeedNoRightsBeyondThem() {
        var objects = Chart.render("{watchNamespaces: [a], rbac: {aggregate: false}, customMetrics: {enabled: false}}");

        assertThat(objects).extracting(Manifest::kind).doesNotContain("ClusterRole", "ClusterRoleBinding");
    }

    /** What an administrator makes beforehand is what {@code --show-only 'templates/*rbac.yaml'} writes: docs/install.md. */
    @Test
    void withoutRolesOnlyThoseAreMissingThatAnAdministratorMakes() {
        var values = "watchNamespaces: [tickstorm-system]\ncluster: {create: true}\n";

        var all = Chart.render(values);
        var without = Chart.render(values + "rbac: {create: false, aggregate: false}");

        assertThat(without)
                .extracting(Manifest::kind)
                .doesNotContain("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding");
        assertThat(Manifest.all(Chart.roles(Chart.NAMESPACE, values)))
                .extracting(Manifest::id)
                .containsExactlyElementsOf(all.stream()
                        .map(Manifest::id)
                        .filter(id -> without.stream().map(Manifest::id).noneMatch(id::equals))
                        .toList());
    }

    @Test
    void aClusterThatNobodyWouldLookAfterIsRefused() {
        assertThat(Chart.refusal("{watchNamespaces: [shop], cluster: {create: true}}"))
                .contains("nobody would look after a cluster in tickstorm-system");
    }

    /** A pod that cannot be placed where the operator can keeps helm install waiting until it gives up. */
    @Test
    void whatRunsOnceGoesWhereTheOperatorMayGo() {
        var hooks = Chart.hooks("""
                cluster: {create: true}
                imagePullSecrets: [{name: pull}]
                priorityClassName: high
                nodeSelector: {disk: ssd}
                tolerations: [{operator: Exists}]
                affinity: {nodeAffinity: {a: b}, podAntiAffinity: {}}
                podLabels: {sidecar.istio.io/inject: 'false'}
                podAnnotations: {team: edge}
                """);

        assertThat(hooks)
                .extracting(Manifest::id)
                .containsExactly(
                        "Job/tickstorm-operator-cluster in tickstorm-system",
                        "Pod/tickstorm-operator-test in tickstorm-system");
        assertThat(hooks).allSatisfy(hook -> {
            var pod = hook.kind().equals("Job") ? new Manifest(Manifest.map(hook.at("spec.template"))) : hook;
            assertThat(pod.at("spec.imagePullSecrets.0.name")).isEqualTo("pull");
            assertThat(pod.at("spec.priorityClassName")).isEqualTo("high");
            assertThat(pod.at("spec.nodeSelector")).isEqualTo(Map.of("disk", "ssd"));
            assertThat(pod.at("spec.tolerations.0.operator")).isEqualTo("Exists");
            assertThat(pod.at("spec.affinity")).isEqualTo(Map.of("nodeAffinity", Map.of("a", "b")));
            assertThat(Manifest.map(pod.at("metadata.labels"))).containsEntry("sidecar.istio.io/inject", "false");
            assertThat(Manifest.map(pod.at("metadata.annotations"))).containsEntry("team", "edge");
        });
    }

    /** Helm deletes a hook when it has done its work; a cluster must outlive that. */
    @Test
    void theClusterIsNoHookAndNoObjectOfTheRelease() {
        var values = "{cluster: {create: true}}";

        assertThat(Stream.concat(Chart.hooks(values).stream(), Chart.render(values).stream()))
                .extracting(Manifest::kind)
                .doesNotContain("TickStormCluster");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                      | kubectl -n tickstorm-system apply -f -
            {cluster: {create: true, name: shop}}   | kubectl -n tickstorm-system wait --for=condition=Ready tsc/shop
            {watchNamespaces: [shop, blog]}         | watches shop, blog
            {watchNamespaces: [shop, blog]}         | kubectl -n shop apply -f -
            {}                                      | kubectl delete crd tickstormclusters.tickstorm.io
            """)
    void theNotesSayTheNextCommand(String values, String command) {
        var notes = Chart.notes(values);

        assertThat(notes).contains(command);
    }

    private static @Nullable Object seen(@Nullable Manifest object, Effect effect) {
        if (object == null) {
            return null;
        }
        if (effect.path().isEmpty()) {
            return "";
        }
        if (effect.path().startsWith("yaml ")) {
            return Manifest.all(String.valueOf(Manifest.map(object.at("data")).get("cluster.yaml")))
                    .getFirst()
                    .at(effect.path().substring(5));
        }
        if (effect.path().startsWith("env ")) {
            var variables = new ArrayList<>(Manifest.list(object.at(CONTAINER + "env")));
            return variables.stream()
                    .map(Manifest::map)
                    .filter(variable ->
                            Objects.equals(variable.get("name"), effect.path().substring(4)))
                    .map(variable -> variable.get("value"))
                    .findFirst()
                    .orElse(null);
        }
        return object.at(effect.path());
    }

    private static @Nullable Manifest find(List<Manifest> objects, String id) {
        return objects.stream()
                .filter(object -> object.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    private static String nested(String path, String value) {
        var keys = path.split("\\.");
        return "{" + String.join(": {", keys) + ": " + value + "}".repeat(keys.length);
    }

    private static String environment(String name) {
        return "env " + name;
    }

    private static String version() {
        return String.valueOf(Manifest.all(Manifest.file("helm/tickstorm/Chart.yaml"))
                .getFirst()
                .at("appVersion"));
    }
}
