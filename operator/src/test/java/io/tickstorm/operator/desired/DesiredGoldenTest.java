package io.tickstorm.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every object of every sample, to be read in a review when it changes. */
class DesiredGoldenTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    @ParameterizedTest
    @ValueSource(strings = {"smallest", "own-image", "full", "aws-nlb", "google-cloud"})
    void theObjectsOfASampleAreTheReviewedOnes(String sample) throws IOException {
        var objects = Desired.of(Samples.sample(sample), Situation.of(Samples.DEFAULTS)).stream()
                .map(YAML::asYaml)
                .collect(Collectors.joining());

        isReviewed(Path.of("src/test/resources/io/tickstorm/operator/desired", sample + ".golden.yaml"), objects);
    }

    private static void isReviewed(Path file, String objects) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, objects);
        }
        var reviewed = Files.exists(file) ? Files.readString(file) : "";

        assertThat(objects)
                .as("objects differ from %s; if that is meant: make crd", file)
                .isEqualTo(reviewed);
    }
}
