package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.operator.desired.ClusterReader.Reading;
import io.tickstorm.operator.desired.Defaults;
import io.tickstorm.operator.desired.Desired;
import io.tickstorm.operator.desired.Situation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every sample is taken by a real API server and by the operator, and so is everything that the operator makes of it. */
@ExtendWith(ApiServer.Extension.class)
class SamplesIT {
    private static final Path SAMPLES = Manifest.ROOT.resolve("k8s/samples");
    private static final Defaults DEFAULTS = new Defaults("tickstorm/proxy:test", "tickstorm/backend:test", null);

    @TestFactory
    Stream<DynamicTest> aSampleIsApplied(ApiServer server) throws IOException {
        var client = server.client();
        return samples()
                .map(sample -> DynamicTest.dynamicTest(sample.getFileName().toString(), () -> {
                    var namespace = server.newNamespace();
                    var text = Files.readString(sample);

                    var stored = client.resource(text).inNamespace(namespace).create();
                    var reading = ClusterReader.read(
                            client.getKubernetesSerialization().asYaml(stored), sample.toString());

                    assertThat(reading).isInstanceOf(Reading.Accepted.class);
                    var cluster = ((Reading.Accepted) reading).cluster();
                    for (var object : Desired.of(cluster, Situation.of(DEFAULTS))) {
                        var made =
                                client.resource(object).inNamespace(namespace).serverSideApply();
                        assertThat(made.getMetadata().getUid()).isNotBlank();
                    }
                    // node ports are the whole Kubernetes cluster's
                    client.services()
                            .inNamespace(namespace)
                            .list()
                            .getItems()
                            .forEach(service -> client.resource(service).delete());
                }));
    }

    private static Stream<Path> samples() throws IOException {
        try (var files = Files.list(SAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }
}
