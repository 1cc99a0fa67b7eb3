package io.tickstorm.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What stands in k8s/ and in the chart says the same. */
class ManifestsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void bothWaysOfInstallingTakeTheSameRelease() throws IOException {
        var release = between(text("helm/tickstorm/Chart.yaml"), "appVersion: ", "\n");
        var images = Pattern.compile("tickstorm/(?:operator|proxy|backend):([\\w.-]+)")
                .matcher(text("k8s/operator/deployment.yaml"))
                .results()
                .map(image -> image.group(1))
                .toList();

        assertThat(images).hasSize(3).containsOnly(release);
        assertThat(text("pom.xml")).contains("<version>" + release + "</version>");
    }

    private static String text(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    private static String between(String text, String before, String after) {
        var start = text.indexOf(before) + before.length();
        assertThat(start).as("place of %s", before).isGreaterThanOrEqualTo(before.length());
        return text.substring(start, text.indexOf(after, start));
    }
}
