package io.tickstorm.cli;

import io.tickstorm.cli.fleet.AddressPlace;
import io.tickstorm.cli.fleet.Calls;
import io.tickstorm.cli.fleet.LocalPlace;
import io.tickstorm.cli.fleet.Place;
import io.tickstorm.cli.kube.KubePlace;
import io.tickstorm.cli.kube.KubeWish;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that say where a cluster is, and how long its parts may take to answer. */
final class Where {
    /** A plugin of kubectl looks at Kubernetes, whatever else runs here. */
    static final String AS = "TICKSTORM_AS";

    private static final String ANY = "";
    private static final String LIBRARIES = "org.slf4j.simpleLogger.log.io.fabric8";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec mixee;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Namespace of the cluster; without it that of the kubeconfig's context.")
    private @Nullable String namespace;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "Context of the kubeconfig; without it the current one.")
    private @Nullable String context;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "How the API server is reached; without it as kubectl does: KUBECONFIG, or .kube/config at home.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--local",
            paramLabel = "FOLDER",
            arity = "0..1",
            fallbackValue = ANY,
            description =
                    "A local run instead of Kubernetes: the folder of its --state, or no folder for the only one that runs.")
    private @Nullable String local;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            split = ",",
            description = "The admin port of a proxy instead of Kubernetes; may be repeated.")
    private List<String> admins = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "5s",
            description = "How long the API server, and each proxy, may take to answer (${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofSeconds(5);

    /** What a person types before the name of a command. */
    static String tool() {
        var as = System.getenv(AS);
        return as == null || as.isEmpty() ? Main.NAME : as;
    }

    /** @throws IOException with a message for the user if there is no such place */
    Opened ask() throws IOException {
        var place = open();
        return new Opened(place, new Calls(place, timeout));
    }

    /** @throws IOException with a message for the user if there is no such place */
    Place open() throws IOException {
        // What libraries log about a port that refuses is said by the command, in fewer words.
        System.setProperty(LIBRARIES, System.getProperty(LIBRARIES, "off"));
        var kube = namespace != null || context != null || kubeconfig != null;
        if ((kube ? 1 : 0) + (local == null ? 0 : 1) + (admins.isEmpty() ? 0 : 1) > 1) {
            throw wrong(
                    "--local, --admin and the options of Kubernetes (--namespace, --context, --kubeconfig) exclude each other (expected: one kind)");
        }
        if (timeout.isZero()) {
            throw wrong("--timeout: 0 (expected: more than that)");
        }
        if (!admins.isEmpty()) {
            return addresses();
        }
        if (local != null && !local.isEmpty()) {
            return LocalPlace.of(Path.of(local));
        }
        if (local != null || !kube && System.getenv(AS) == null) {
            var running = LocalPlace.running();
            if (running.size() == 1) {
                return LocalPlace.of(running.getFirst());
            }
            if (running.size() > 1) {
                throw wrong("--local: " + running.size() + " clusters run here (expected: one of "
                        + running.stream().map(Path::toString).collect(Collectors.joining(", ")) + ")");
            }
            if (local != null) {
                throw new IOException(
                        "--local: nothing runs here (expected: `tickstorm run FILE`; one with a --state FOLDER has to be named)");
            }
        }
        return kube();
    }

    /** @throws IOException with a message for the user if the API server cannot be told */
    KubePlace kube() throws IOException {
        return KubePlace.of(new KubeWish(kubeconfig, context, namespace), timeout);
    }

    private Place addresses() {
        try {
            return new AddressPlace(admins);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private RuntimeException wrong(String message) {
        return mixee == null
                ? new IllegalArgumentException(message)
                : new ParameterException(mixee.commandLine(), message);
    }
}
