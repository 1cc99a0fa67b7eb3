package io.tickstorm.backend;

import io.tickstorm.backend.stream.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@link Settings} from the command line and the environment. */
final class SettingsReader {
    static final String HELP = """
            The reference Tick-Storm server. Every flag is also an environment variable: --http-port is HTTP_PORT.
              --address ADDRESS          listen on this address (0.0.0.0)
              --http-port PORT           HTTP (8000); 0 for any free port, as with every port
              --tcp-port PORT            Tick-Storm (8080)
              --health-port PORT         probes (8081)
              --metrics-port PORT        Prometheus metrics (9090)
              --ports-file FILE          write the bound ports there as JSON once all are bound
              --heartbeat-timeout TIME   end a Tick-Storm session after this long without a heartbeat (20s)
              --drain-delay TIME         go on accepting for this long after SIGTERM (5s)
              --drain-timeout TIME       then let what runs finish for this long (25s)
              --log-posts true           write the id of each POST to standard output, as a line "post ID" (false)
              --rude true                end at once on SIGTERM, as a careless server would (false)
              --fail-percent N           answer so many percent of the requests with 500, as a bad version would (0)
              --workers N                event loops, 0 for one per processor (0)
            STREAM_USER and STREAM_PASS name who may subscribe; without them every user with a password may.
            INSTANCE_ID names this server (host name and process id); POD_NAME its pod (the host name).
            """;

    private static final Set<String> FLAGS = Set.of(
            "address",
            "http-port",
            "tcp-port",
            "health-port",
            "metrics-port",
            "ports-file",
            "heartbeat-timeout",
            "drain-delay",
            "drain-timeout",
            "log-posts",
            "rude",
            "fail-percent",
            "workers");

    private SettingsReader() {}

    /** What came of it. */
    sealed interface Outcome {
        record Valid(Settings settings) implements Outcome {}

        /** @param problems every one that there is */
        record Invalid(List<String> problems) implements Outcome {}

        record Help() implements Outcome {}
    }

    static Outcome read(String[] arguments, Map<String, String> environment, String instanceId, int processors) {
        if (List.of(arguments).contains("--help")) {
            return new Outcome.Help();
        }
        var options = new Options(arguments, environment, FLAGS);
        var workers = options.number("workers", 0, 0, 1024);
        var portsFile = options.text("ports-file", "");
        var settings = new Settings(
                options.text("address", "0.0.0.0"),
                options.port("http-port", 8000),
                options.port("tcp-port", 8080),
                options.port("health-port", 8081),
                options.port("metrics-port", 9090),
                portsFile.isEmpty() ? null : Path.of(portsFile),
                credentials(options, environment),
                options.duration(
                        "heartbeat-timeout", Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofHours(1)),
                options.duration("drain-delay", Duration.ofSeconds(5), Duration.ZERO, Duration.ofHours(1)),
                options.duration("drain-timeout", Duration.ofSeconds(25), Duration.ZERO, Duration.ofHours(1)),
                options.flag("log-posts"),
                options.flag("rude"),
                options.number("fail-percent", 0, 0, 100),
                workers == 0 ? processors : workers,
                instanceId,
                environment.getOrDefault("POD_NAME", environment.getOrDefault("HOSTNAME", instanceId)));
        distinct(options, settings);
        return options.problems().isEmpty()
                ? new Outcome.Valid(settings)
                : new Outcome.Invalid(List.copyOf(options.problems()));
    }

    private static Credentials credentials(Options options, Map<String, String> environment) {
        var user = environment.getOrDefault("STREAM_USER", "");
        var password = environment.getOrDefault("STREAM_PASS", "");
        if (user.isEmpty() != password.isEmpty()) {
            options.problem((user.isEmpty() ? "STREAM_USER" : "STREAM_PASS")
                    + ": not set (expected: both of STREAM_USER and STREAM_PASS, or none)");
        }
        return user.isEmpty() ? new Credentials.Any() : new Credentials.One(user, password);
    }

    private static void distinct(Options options, Settings settings) {
        var ports = List.of(settings.httpPort(), settings.tcpPort(), settings.healthPort(), settings.metricsPort());
        ports.stream()
                .filter(port -> port != 0)
                .distinct()
                .filter(port -> ports.indexOf(port) != ports.lastIndexOf(port))
                .forEach(port ->
                        options.problem("port " + port + ": given twice (expected: a port of its own for each)"));
    }
}
