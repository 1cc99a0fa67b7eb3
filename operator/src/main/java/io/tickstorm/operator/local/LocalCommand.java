package io.tickstorm.operator.local;

import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.Component;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands for an image on a machine without containers. */
final class LocalCommand {
    private LocalCommand() {}

    /**
     * The command line of a component; null for our own process.
     *
     * @throws IllegalArgumentException for an image that no command stands for
     */
    static @Nullable String of(Component component, TickStormCluster cluster) {
        var spec = cluster.getSpec();
        return switch (component) {
            case BACKEND, BACKEND_GREEN -> {
                var image = spec.backend().image();
                var annotations = cluster.getMetadata().getAnnotations();
                var command =
                        (annotations == null ? Map.<String, String>of() : annotations).get(Launch.COMMAND_ANNOTATION);
                if (image != null && command == null) {
                    throw new IllegalArgumentException("spec.backend.image: " + image
                            + " (expected: no image, since there are no containers here, or beside it the annotation "
                            + Launch.COMMAND_ANNOTATION + " with the command that runs this server, such as"
                            + " \"python3 -m http.server --bind $ADDRESS $PORT\")");
                }
                yield image == null ? null : command;
            }
            case PROXY -> {
                var image = spec.loadBalancer().image();
                if (image != null) {
                    throw new IllegalArgumentException(
                            "spec.loadBalancer.image: " + image
                                    + " (expected: nothing, since there are no containers here and the proxy is this program's own)");
                }
                yield null;
            }
        };
    }
}
