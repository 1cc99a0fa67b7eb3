package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.install.ValuesSchema.Value;
import java.util.List;
import java.util.Map;
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
    private final ValuesSchema schema = new ValuesSchema();

    @TestFactory
    Stream<DynamicTest> whatAValueDoes() {
        return Effects.ALL.stream()
                .map(effect -> DynamicTest.dynamicTest(effect.values() + " in " + effect.object(), () -> {
                    var object = find(Chart.render(effect.values()), effect.object());
                    var before = find(Chart.render(""), effect.object());

                    assertThat(effect.seen(object)).isEqualTo(effect.effect());
                    assertThat(effect.seen(before)).as("without it").isNotEqualTo(effect.effect());
                }));
    }

    @Test
    void everyValueHasAnEffect() {
        var values = schema.values().stream()
                .map(Value::path)
                .filter(path -> !path.equals("global"))
                .toList();

        assertThat(Effects.ALL.stream().map(Effect::value).distinct()).containsExactlyInAnyOrderElementsOf(values);
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
}
