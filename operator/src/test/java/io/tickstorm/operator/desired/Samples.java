package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tickstorm.operator.crd.ImagePullPolicy;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.ClusterReader.Reading;
import io.tickstorm.proxy.settings.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The samples of k8s/samples, and clusters made of a few lines. */
final class Samples {
    static final Defaults DEFAULTS =
            new Defaults("tickstorm/proxy:test", "tickstorm/backend:test", ImagePullPolicy.IF_NOT_PRESENT);
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private Samples() {}

    static String text(String sample) {
        try {
            return Files.readString(ROOT.resolve("k8s/samples/" + sample + ".yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all samples that are clusters. */
    static Stream<String> names() {
        try (var files = Files.list(ROOT.resolve("k8s/samples"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".yaml") && !file.equals("kustomization.yaml"))
                    .map(file -> file.substring(0, file.length() - ".yaml".length()))
                    .filter(name -> text(name).contains("kind: TickStormCluster"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TickStormCluster sample(String name) {
        return accepted(text(name));
    }

    /** A cluster named demo whose spec is the given text, in flow or block style. */
    static TickStormCluster cluster(String spec) {
        return accepted(resource(spec));
    }

    /** What is wrong with a cluster of this spec, as a person is told. */
    static List<String> problems(String spec) {
        return switch (ClusterReader.read(resource(spec), "")) {
            case Reading.Accepted accepted -> List.of();
            case Reading.Refused refused ->
                refused.problems().stream().map(Samples::told).toList();
        };
    }

    static <T extends HasMetadata> T object(TickStormCluster cluster, Class<T> kind, String name) {
        return Desired.of(cluster, Situation.of(DEFAULTS)).stream()
                .filter(object -> kind.isInstance(object)
                        && object.getMetadata().getName().equals(name))
                .map(kind::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " " + name));
    }

    private static String told(Problem problem) {
        return problem.path() + ": " + problem.message();
    }

    private static String resource(String spec) {
        return """
                apiVersion: tickstorm.io/v1alpha1
                kind: TickStormCluster
                metadata: {name: demo, namespace: shop}
                spec: %s
                """.formatted(spec.startsWith("{") ? spec : "\n" + spec.indent(2));
    }

    private static TickStormCluster accepted(String text) {
        return switch (ClusterReader.read(text, "sample")) {
            case Reading.Accepted accepted -> {
                var cluster = accepted.cluster();
                if (cluster.getMetadata().getNamespace() == null) {
                    cluster.getMetadata().setNamespace("shop");
                }
                yield cluster;
            }
            case Reading.Refused refused ->
                throw new AssertionError(refused.problems().toString());
        };
    }
}
