package io.tickstorm.cli;

import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.cli.load.Running;
import io.tickstorm.cli.load.StreamPlan;
import io.tickstorm.cli.load.Target;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tickstorm load URL}. */
@Command(
        description = {
            "Send a constant load and say what became of it.",
            "http://HOST:PORT/PATH: requests at a constant rate, however slow the answers (open loop). Latency counts from the",
            "intended time. Nothing is retried. A connection that the server announced to close, or closed while idle, is",
            "replaced without a failure.",
            "tickstorm://HOST:PORT: subscriptions that are held; one that ends begins again, and the pause is reported."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every request was answered with a status below 400; every subscription lived and missed no batch",
            "1:there were failures, or the host cannot be resolved",
            "2:the command line is wrong"
        })
final class LoadCommand implements Callable<Integer> {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** How the report is written. */
    enum Format {
        TEXT,
        JSON
    }

    @Parameters(paramLabel = "URL", description = "http://HOST[:PORT][/PATH] or tickstorm://HOST[:PORT]")
    private String url = "";

    @Option(names = "--rate", paramLabel = "N", description = "HTTP requests per second (${DEFAULT-VALUE}).")
    private double rate = 600;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "How long (${DEFAULT-VALUE}).")
    private Duration duration = Duration.ofSeconds(10);

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "Keep-alive connections, or subscriptions (${DEFAULT-VALUE}).")
    private int connections = 48;

    @Option(
            names = "--post-share",
            paramLabel = "SHARE",
            description = "Share of POSTs, 0 to 1; each has an id in X-Load-Id (${DEFAULT-VALUE}).")
    private double postShare = 0.3;

    @Option(names = "--body-size", paramLabel = "BYTES", description = "Body of a POST (${DEFAULT-VALUE}).")
    private int bodySize = 128;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "For one answer, from the intended time; for the next batch (${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofSeconds(10);

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME=VALUE",
            description = "A further header; may be repeated.")
    private Map<String, String> headers = Map.of();

    @Option(
            names = "--symbols",
            paramLabel = "LIST",
            split = ",",
            description = "What subscriptions are to (${DEFAULT-VALUE}).")
    private List<String> symbols = List.of("AAPL", "MSFT");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json; durations in JSON are milliseconds (${DEFAULT-VALUE}).")
    private Format output = Format.TEXT;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            return Target.of(url).streams() ? stream() : http();
        } catch (IllegalArgumentException e) {
            System.err.println("tickstorm load: " + e.getMessage());
            return Main.NOT_UNDERSTOOD;
        }
    }

    private int http() throws IOException, InterruptedException {
        var plan = LoadPlan.to(url)
                .rate(rate)
                .duration(duration)
                .connections(connections)
                .postShare(postShare)
                .bodySize(bodySize)
                .timeout(timeout)
                .headers(headers);
        try (var running = Load.start(plan)) {
            return show(
                    running,
                    report -> report.failed() + report.strays(),
                    report -> report.text(),
                    report -> report.json());
        }
    }

    private int stream() throws IOException, InterruptedException {
        var environment = System.getenv();
        var plan = StreamPlan.to(
                        url,
                        Objects.requireNonNullElse(environment.get("STREAM_USER"), "load"),
                        Objects.requireNonNullElse(environment.get("STREAM_PASS"), "load"))
                .duration(duration)
                .subscriptions(connections)
                .symbols(symbols)
                .timeout(timeout);
        try (var running = Load.start(plan)) {
            return show(running, report -> report.failed(), report -> report.text(), report -> report.json());
        }
    }

    private <R> int show(
            Running<R> running, ToLongFunction<R> failed, Function<R, String> text, Function<R, JsonObject> json)
            throws InterruptedException {
        var terminal = new Terminal(System.err);
        while (!running.await(SECOND)) {
            terminal.show(running.line());
        }
        terminal.clear();
        var report = running.await();
        System.out.println(
                switch (output) {
                    case TEXT -> text.apply(report);
                    case JSON -> json.apply(report).encodePrettily();
                });
        return failed.applyAsLong(report) == 0 ? Main.DONE : Main.FAILED;
    }
}
