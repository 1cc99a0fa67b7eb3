package io.tickstorm.operator.install;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The chart, rendered by Helm's own library as {@code helm template} does it. */
final class Chart {
    static final Path FOLDER = Manifest.ROOT.resolve("helm/tickstorm");
    static final String NAMESPACE = "tickstorm-system";

    /** What it is rendered for; without a cluster Helm would take a version that the chart is not for. */
    private static final String KUBERNETES = "1.34.0";

    private static final Pattern ROLES = Pattern.compile("(?m)^# Source: tickstorm/templates/[a-z-]*rbac\\.yaml$");

    private Chart() {}

    static Helm helm() {
        return new Helm(FOLDER);
    }

    /** What is rendered with these values, which are YAML, in a release named tickstorm. */
    static List<Manifest> render(String values) {
        return render("tickstorm", values);
    }

    static List<Manifest> render(String release, String values) {
        return Manifest.all(text(release, values));
    }

    /** The manifest as Helm writes it, without hooks. */
    static String text(String release, String values) {
        return text(helm(), release, NAMESPACE, values);
    }

    private static String text(Helm chart, String release, String namespace, String values) {
        return withValues(
                values,
                file -> chart.template()
                        .withName(release)
                        .withNamespace(namespace)
                        .withKubeVersion(KUBERNETES)
                        .withValuesFile(file)
                        .call());
    }

    /** The Roles and their bindings alone, as {@code helm template --show-only 'templates/*rbac.yaml'} writes them. */
    static String roles(String namespace, String values) {
        var documents = text(helm(), "tickstorm", namespace, values).split("(?m)^---\\s*$");
        return Stream.of(documents)
                .filter(document -> ROLES.matcher(document).find())
                .collect(Collectors.joining("---\n"));
    }

    /** What Helm makes for a while, during an operation. Its library tells nobody, so it gets a copy of the chart in which hooks are ordinary objects. */
    static List<Manifest> hooks(String values) {
        try {
            var copy = Files.createTempDirectory("chart-");
            try {
                copyWithoutHooks(copy);
                var ordinary = render(values).stream().map(Manifest::id).toList();
                return Manifest.all(text(new Helm(copy), "tickstorm", NAMESPACE, values)).stream()
                        .filter(object -> !ordinary.contains(object.id()))
                        .toList();
            } finally {
                delete(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyWithoutHooks(Path copy) throws IOException {
        try (var files = Files.walk(FOLDER)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var target = copy.resolve(FOLDER.relativize(file));
                Files.createDirectories(target.getParent());
                Files.writeString(target, Files.readString(file).replace("helm.sh/hook: ", "hook: "));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** What a person is told who installs with these values. */
    static String notes(String values) {
        var output = withValues(
                values,
                file -> helm().install()
                        .withName("tickstorm")
                        .withNamespace(NAMESPACE)
                        .withKubeVersion(KUBERNETES)
                        .withValuesFile(file)
                        .clientOnly()
                        .dryRun()
                        .call()
                        .getOutput());
        return output.substring(output.indexOf("NOTES:"));
    }

    /** Why Helm does not take these values. */
    static String refusal(String values) {
        try {
            render(values);
        } catch (IllegalStateException refused) {
            return String.valueOf(refused.getMessage());
        }
        throw new AssertionError("taken: " + values);
    }

    /** Calls Helm with a file of values, which is gone afterwards. */
    static <T> T withValues(String values, Call<T> call) {
        try {
            var file = Files.createTempFile("values-", ".yaml");
            try {
                return call.with(Files.writeString(file, values));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    interface Call<T> {
        T with(Path values);
    }
}
