package io.tickstorm.operator.install;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The chart, rendered by Helm's own library as {@code helm template} does it. */
final class Chart {
    static final Path FOLDER = Manifest.ROOT.resolve("helm/tickstorm");
    static final String NAMESPACE = "tickstorm-system";

    /** What it is rendered for; without a cluster Helm would take a version that the chart is not for. */
    private static final String KUBERNETES = "1.34.0";

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

    /** The manifest as Helm writes it. Hooks are no part of it: {@code InstallIT} sees them at work. */
    static String text(String release, String values) {
        return withValues(
                values,
                file -> helm().template()
                        .withName(release)
                        .withNamespace(NAMESPACE)
                        .withKubeVersion(KUBERNETES)
                        .withValuesFile(file)
                        .call());
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
