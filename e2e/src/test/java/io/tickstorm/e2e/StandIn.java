package io.tickstorm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/**
 * Images of a name that only stands for the reader's own: a mirror of the proxy is the proxy; anything else is a server on the ports that
 * the samples give it, 3000 for HTTP, 3001 for Tick-Storm and 3002 for probes, whatever its arguments.
 */
final class StandIn {
    private static final String TAG = System.getProperty("tickstorm.version");
    private static final Command DOCKER = new Command(Map.of());
    private static final String SERVER = """
            FROM tickstorm/backend:%s
            ENV HTTP_PORT=3000 TCP_PORT=3001 HEALTH_PORT=3002
            ENTRYPOINT ["/bin/sh", "-c", "exec /opt/tickstorm/runtime/bin/java @/opt/tickstorm/java.args"]
            """;

    private StandIn() {}

    static void make(String image) {
        if (image.contains("/tickstorm-proxy:")) {
            DOCKER.run("docker", "tag", "tickstorm/proxy:" + TAG, image);
            return;
        }
        try {
            var context = Files.createTempDirectory("stand-in-");
            var file = Files.writeString(context.resolve("Dockerfile"), SERVER.formatted(TAG));
            DOCKER.run("docker", "build", "--tag", image, context.toString());
            Files.delete(file);
            Files.delete(context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
