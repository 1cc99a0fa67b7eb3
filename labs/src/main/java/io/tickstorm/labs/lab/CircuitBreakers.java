package io.tickstorm.labs.lab;

import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.labs.Finding;
import io.tickstorm.labs.Lab;
import io.tickstorm.labs.Recording;
import io.tickstorm.labs.picture.Hue;
import io.tickstorm.labs.picture.Panel;
import io.tickstorm.labs.picture.Picture;
import io.tickstorm.labs.stage.Rate;
import io.tickstorm.labs.stage.Server;
import io.tickstorm.labs.stage.Stage;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Three servers; one of them answers every request with 500 at once, from the third second to the eighth. Least connections
 * takes that for speed. Once without a breaker, once with one.
 */
public final class CircuitBreakers implements Lab {
    private static final int RATE = 150;
    private static final int WORKERS = 40;
    private static final Duration WORK = Duration.ofMillis(50);
    private static final int ILL = 3;
    private static final int WELL = 8;
    private static final int END = 15;

    /** Statuses of 500 are not tried again anywhere, so the client sees each of them. */
    private static final String CONFIGURATION = """
            listeners:
              - {name: http, address: 127.0.0.1, port: %d, backend: web}
            backends:
              - name: web
                discovery: {static: [%s]}
                circuitBreaker: {consecutiveFailures: %d, openFor: 1s}
                outlierEjection: {interval: 0s}
                balancing: {slowStart: {window: 2s}}
            """;

    @Override
    public String name() {
        return "circuit-breakers";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        play(stage, recording, "none", 0);
        play(stage, recording, "breaker", 5);
    }

    private static void play(Stage stage, Recording recording, String which, int failures) throws Exception {
        var ill = stage.server("web-1", WORKERS, WORK);
        var servers = List.of(ill, stage.server("web-2", WORKERS, WORK), stage.server("web-3", WORKERS, WORK));
        int port = stage.ports(1)[0];
        var addresses =
                servers.stream().map(server -> '"' + server.address() + '"').collect(Collectors.joining(", "));
        stage.proxy(which, CONFIGURATION.formatted(port, addresses, failures)).awaitReady();
        var plan = LoadPlan.to("http://127.0.0.1:" + port + "/")
                .rate(RATE)
                .connections(100)
                .postShare(0.3);
        Load.run(plan.rate(RATE / 2.0).duration(Duration.ofSeconds(3)));
        stage.say(which + ": " + RATE + " requests/s");
        try (var load = Load.start(plan.duration(Duration.ofSeconds(END)))) {
            var arrived = new Rate(ill.arrived());
            var failed = new Rate(0);
            var watch = stage.watch(Duration.ofMillis(500), seconds -> {
                double got = arrived.at(seconds, ill.arrived());
                double lost = failed.at(seconds, load.soFar().failed());
                if (seconds > 0.3) {
                    recording.point(which + " ill", seconds, got);
                    recording.point(which + " failed", seconds, lost);
                }
            });
            stage.pass(Duration.ofSeconds(ILL));
            stage.say(which + ": web-1 answers 500 at once");
            ill.fail(true);
            stage.pass(Duration.ofSeconds(WELL - ILL));
            stage.say(which + ": web-1 is well again");
            ill.fail(false);
            stage.pass(Duration.ofSeconds(END - WELL));
            watch.close();
            recording.number(which + " failed in all", load.await().failed());
        }
        servers.forEach(Server::close);
    }

    @Override
    public List<Finding> findings(Recording recording) {
        double share = recording.mean("none ill", ILL + 1, WELL) / RATE;
        double without = recording.number("none failed in all");
        double with = recording.number("breaker failed in all");
        double after = recording.mean("breaker ill", END - 2, END + 1) / RATE;
        return List.of(
                Finding.that(
                        share > 0.4,
                        "**Without a breaker** the ill server got %.0f percent of the requests instead of 33: what ends at once is"
                                + " never in flight, so it always looks idle. %,.0f requests failed.",
                        100 * share,
                        without),
                Finding.that(
                        with < without / 10,
                        "**With a breaker** that opens after five failures in a row, %.0f failed: those five, and one for each time it"
                                + " was tried whether the server is well again (after 1 s, then after 2 s).",
                        with),
                Finding.that(
                        after > 0.2,
                        "Five seconds after it was well, the server had %.0f percent of the work again. Nobody had to do anything.",
                        100 * after));
    }

    @Override
    public Picture picture(Recording recording) {
        double most = recording.most("none ill");
        return Picture.of(
                "A server that fails fast looks idle, and draws the traffic; a breaker takes it out after five failures",
                RATE + " requests/s by least connections over three servers; from second " + ILL + " to " + WELL
                        + " one of them answers everything with 500 at once.",
                panel("No breaker", "none", recording, most),
                panel("Breaker: 5 failures, 1 s", "breaker", recording, most));
    }

    private static Panel panel(String title, String which, Recording recording, double most) {
        return Panel.titled(title)
                .x("seconds", END)
                .y("requests per second", most)
                .band(ILL, WELL, "ill")
                .line("to the ill\nserver", Hue.GREY, recording.series(which + " ill"))
                .line("failed", Hue.ORANGE, recording.series(which + " failed"));
    }
}
