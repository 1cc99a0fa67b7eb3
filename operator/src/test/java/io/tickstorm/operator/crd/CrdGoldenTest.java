package io.tickstorm.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tickstorm.operator.desired.ProxyWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Everything that is made from the Java types of the resource is committed, and is what they say now. */
class CrdGoldenTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String UPDATE = "make crd";

    @TestFactory
    Stream<DynamicTest> theCommittedFilesAreWhatTheTypesSay() {
        var tree = CrdManifest.tree();
        var files = Map.of(
                "k8s/crds/tickstormclusters.tickstorm.io.yaml",
                        "# Generated from io.tickstorm.operator.crd by: make crd\n" + CrdManifest.yaml(tree),
                "helm/tickstorm/templates/crd.yaml", CrdChart.template(tree),
                "docs/reference/resource.md", CrdReference.markdown(tree));
        return files.entrySet().stream()
                .map(file -> DynamicTest.dynamicTest(
                        file.getKey(), () -> isCommitted(ROOT.resolve(file.getKey()), file.getValue())));
    }

    @Test
    void everyFieldIsDescribed() {
        var undescribed = CrdReference.fields(CrdManifest.tree()).stream()
                .filter(field -> field.description().isBlank())
                .map(CrdReference.Field::path)
                .toList();

        assertThat(undescribed).isEmpty();
    }

    @Test
    void whatTheProxyCanBeToldCanBeSaidHereButForWhatTheOperatorDecides() {
        var fields = CrdReference.fields(CrdManifest.tree()).stream()
                .map(CrdReference.Field::path)
                .toList();

        var missing = new ProxySchema()
                .paths().stream()
                        .filter(key -> !fields.contains("spec.loadBalancer." + key))
                        .toList();

        assertThat(missing)
                .as("settings of the proxy without a word in the resource")
                .containsExactlyInAnyOrderElementsOf(
                        ProxyWords.notInTheResource().keySet());
    }

    @Test
    void whatIsSaidOfAllPortsIsWhatIsSaidOfOne() {
        var fields = CrdReference.fields(CrdManifest.tree()).stream()
                .map(CrdReference.Field::path)
                .toList();

        var ofOne = fields.stream()
                .filter(path -> path.startsWith("spec.loadBalancer.backends[]."))
                .map(path -> path.substring("spec.loadBalancer.backends[].".length()))
                .filter(path -> !path.equals("name") && !path.startsWith("discovery"));

        assertThat(ofOne).isNotEmpty().allSatisfy(path -> assertThat(fields).contains("spec.loadBalancer." + path));
    }

    @Test
    void nothingIsSaidOfWordsThatTheProxyDoesNotHave() {
        assertThat(new ProxySchema().orphans()).as("paths of words.yaml").isEmpty();
    }

    @Test
    void everyListAndEveryTextHasABound() {
        assertThat(CrdBounds.missing(CrdManifest.definition())).isEmpty();
    }

    @Test
    void columnsComeInTheOrderOfInterest() {
        var columns =
                CrdManifest.definition().getSpec().getVersions().getFirst().getAdditionalPrinterColumns();

        assertThat(columns)
                .extracting("name")
                .isEqualTo(List.of("Ready", "Backends", "Proxies", "Node ports", "Reason", "Age", "Message"));
    }

    @Test
    void theDefinitionFitsIntoAnAnnotationOfKubectlApply() {
        // client-side apply keeps the whole object in an annotation, and annotations may hold 262144 bytes
        var object = new KubernetesSerialization().asJson(CrdManifest.tree());

        assertThat(object.length()).isLessThan(131_072);
    }

    private static void isCommitted(Path file, String expected) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, expected);
        }
        var committed = Files.exists(file) ? Files.readString(file) : "";

        assertThat(committed)
                .as("%s differs from the Java types; write it anew by: %s", ROOT.relativize(file), UPDATE)
                .isEqualTo(expected);
    }
}
