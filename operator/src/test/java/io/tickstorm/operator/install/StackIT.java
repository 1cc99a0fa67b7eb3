package io.tickstorm.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What Docker itself makes of the Swarm stack. */
class StackIT {
    /** It asks no engine; a command line of Docker before version 24 does not know it. */
    private static final String[] CONFIG = {"docker", "stack", "config", "--compose-file", "swarm/stack.yaml"};

    @Test
    void dockerReadsTheStack() throws Exception {
        assumeTrue(
                exitCode("docker", "stack", "config", "--help") == 0, "skipped: needs docker 24 or newer on the PATH");
        var process = new ProcessBuilder(CONFIG)
                .directory(Manifest.ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        var stack = Manifest.all(output).getFirst();
        assertThat(stack.at("services.proxy.ports.0.published")).isEqualTo(30081);
        assertThat(stack.at("services.proxy.healthcheck.test"))
                .isEqualTo(stack.at("services.backend.healthcheck.test"));
        assertThat(stack.at("services.backend.deploy.endpoint_mode")).isEqualTo("dnsrr");
        assertThat(stack.at("configs.proxy.name")).isEqualTo("tickstorm-proxy-1");
    }

    private static int exitCode(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 && help.contains("--skip-interpolation") ? 0 : 1;
        } catch (IOException e) {
            return 1;
        }
    }
}
