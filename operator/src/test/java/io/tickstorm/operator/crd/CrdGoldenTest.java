package io.tickstorm.operator.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Everything that is made from the Java types of the resource is committed, and is what they say now. */
class CrdGoldenTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String UPDATE = "make crd";
    /** The operator decides them, one backend has no use for them, or, for a cookie, they need a secret that pods have mounted. */
    private static final Set<String> NOT_IN_THE_RESOURCE = Set.of(
            "listeners[].address",
            "listeners[].backend",
            "listeners[].backends",
            "listeners[].backends[].name",
            "listeners[].backends[].weight",
            "listeners[].http2.enabled",
            "listeners[].http2.maxConcurrentStreams",
            "listeners[].http2.streamWindow",
            "listeners[].http2.connectionWindow",
            "listeners[].http2.maxStreams",
            "listeners[].http2.maxResets",
            "listeners[].http2.maxIdleFrames",
            "listeners[].tls.certificates",
            "listeners[].tls.certificates[].certificateFile",
            "listeners[].tls.certificates[].keyFile",
            "listeners[].tls.minVersion",
            "listeners[].tls.cipherSuites",
            "listeners[].tls.clientAuthentication",
            "listeners[].tls.clientCaFile",
            "listeners[].tls.handshakeTimeout",
            "listeners[].tls.resumption",
            "listeners[].tls.strictSni",
            "listeners[].keepAlive.idle",
            "listeners[].keepAlive.interval",
            "listeners[].keepAlive.count",
            "listeners[].compression.types",
            "listeners[].compression.minSize",
            "listeners[].compression.level",
            "listeners[].proxyProtocol.trustedProxies",
            "listeners[].proxyProtocol.timeout",
            "listeners[].proxyProtocol.untrusted",
            "listeners[].forwarded.trustedProxies",
            "listeners[].forwarded.header",
            "listeners[].routes",
            "listeners[].routes[].name",
            "listeners[].routes[].serverNames",
            "listeners[].routes[].hosts",
            "listeners[].routes[].pathPrefix",
            "listeners[].routes[].headers",
            "listeners[].routes[].headers[].name",
            "listeners[].routes[].headers[].value",
            "listeners[].routes[].headers[].present",
            "listeners[].routes[].backend",
            "listeners[].routes[].backends",
            "listeners[].routes[].backends[].name",
            "listeners[].routes[].backends[].weight",
            "name",
            "protocol",
            "proxyProtocol",
            "stickiness.name",
            "stickiness.secretFile",
            "stickiness.maxAge",
            "stickiness.secure",
            "stickiness.sameSite",
            "tls.caFile",
            "tls.serverName",
            "tls.verifyHostname",
            "tls.certificateFile",
            "tls.keyFile");

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
    void whatTheProxyIsToldOfListenersAndBackendsCanBeSaidHere() throws IOException {
        var fields = CrdReference.fields(CrdManifest.tree()).stream()
                .map(CrdReference.Field::path)
                .toList();

        var said = new ProxyPage(Files.readString(ROOT.resolve("docs/reference/configuration.md"))).keys();
        var missing = said.stream()
                .filter(key -> !NOT_IN_THE_RESOURCE.contains(key))
                .map(key -> "spec.loadBalancer." + key)
                .filter(path -> !fields.contains(path))
                .toList();

        assertThat(said).containsAll(NOT_IN_THE_RESOURCE);
        assertThat(missing)
                .as("settings of the proxy without a word in the resource")
                .isEmpty();
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
        assertThat(CrdManifest.yaml(CrdManifest.tree()).length()).isLessThan(131_072);
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
