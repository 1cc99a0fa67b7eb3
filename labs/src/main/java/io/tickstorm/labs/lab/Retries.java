package io.tickstorm.labs.lab;

import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.labs.Finding;
import io.tickstorm.labs.Lab;
import io.tickstorm.labs.Recording;
import io.tickstorm.labs.picture.Hue;
import io.tickstorm.labs.picture.Panel;
import io.tickstorm.labs.picture.Picture;
import io.tickstorm.labs.picture.Point;
import io.tickstorm.labs.stage.Rate;
import io.tickstorm.labs.stage.Server;
import io.tickstorm.labs.stage.Stage;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Three servers that can do 240 requests a second get 120, are slow for three seconds, and are well again. The proxy gives up
 * on an attempt after 600 ms and tries elsewhere: once with a budget for that, once with none.
 */
public final class Retries implements Lab {
    private static final int RATE = 120;
    private static final int SERVERS = 3;
    private static final int WORKERS = 4;
    private static final Duration WELL = Duration.ofMillis(50);
    private static final Duration ILL = Duration.ofMillis(500);
    private static final int CAPACITY = SERVERS * WORKERS * 20;

    private static final int INCIDENT = 4;
    private static final int RECOVERY = 7;
    private static final int END = 16;
    /** Whoever asks does not wait for ever. */
    private static final Duration CLIENT_WAITS = Duration.ofSeconds(4);

    /** Judges are off, so that retries are all that differs. */
    private static final String CONFIGURATION = """
            listeners:
              - {name: http, address: 127.0.0.1, port: %d, backend: web}
            backends:
              - name: web
                discovery: {static: [%s]}
                retries: {attempts: 10, perTryTimeout: 600ms, budget: %s}
                circuitBreaker: {consecutiveFailures: 0}
                outlierEjection: {interval: 0s, silence: 0s}
            """;

    @Override
    public String name() {
        return "retries";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        play(stage, recording, "budget", "{percent: 20, minimum: 3}");
        play(stage, recording, "storm", "{percent: 100, minimum: 1000}");
    }

    private void play(Stage stage, Recording recording, String which, String budget) throws Exception {
        var servers = List.of(
                stage.server("web-1", WORKERS, WELL),
                stage.server("web-2", WORKERS, WELL),
                stage.server("web-3", WORKERS, WELL));
        int port = stage.ports(1)[0];
        var addresses =
                servers.stream().map(server -> '"' + server.address() + '"').collect(Collectors.joining(", "));
        stage.proxy(which, CONFIGURATION.formatted(port, addresses, budget)).awaitReady();
        var url = "http://127.0.0.1:" + port + "/";
        Load.run(plan(url).rate(RATE / 2.0).duration(Duration.ofSeconds(2)));
        stage.say(which + ": " + RATE + " requests/s");
        try (var load = Load.start(plan(url).duration(Duration.ofSeconds(END)))) {
            var attempts = new Rate(arrived(servers));
            var answers = new Rate(0);
            var watch = stage.watch(Duration.ofMillis(500), seconds -> {
                recording.point(which + " attempts", seconds, attempts.at(seconds, arrived(servers)));
                recording.point(
                        which + " answers",
                        seconds,
                        answers.at(seconds, load.soFar().ok()));
            });
            stage.pass(Duration.ofSeconds(INCIDENT));
            stage.say(which + ": every request takes ten times as long");
            servers.forEach(server -> server.work(ILL));
            stage.pass(Duration.ofSeconds(RECOVERY - INCIDENT));
            stage.say(which + ": servers are well again");
            servers.forEach(server -> server.work(WELL));
            stage.pass(Duration.ofSeconds(END - RECOVERY).plusMillis(100));
            watch.close();
        }
        servers.forEach(Server::close);
    }

    private static long arrived(List<Server> servers) {
        return servers.stream().mapToLong(Server::arrived).sum();
    }

    private static LoadPlan plan(String url) {
        return LoadPlan.to(url).rate(RATE).connections(600).postShare(0).timeout(CLIENT_WAITS);
    }

    @Override
    public List<Finding> findings(Recording recording) {
        double storm = recording.most("storm attempts");
        double budget = recording.most("budget attempts");
        double stormAfter = recording.mean("storm answers", END - 2, END + 1);
        double budgetAfter = recording.mean("budget answers", END - 2, END + 1);
        double back = recording.series("budget answers").stream()
                .filter(point -> point.x() > RECOVERY && point.y() > 0.9 * RATE)
                .mapToDouble(Point::x)
                .findFirst()
                .orElse(END);
        return List.of(
                Finding.that(
                        storm > 2 * RATE,
                        "**Without a budget** up to %,.0f attempts a second reached servers that were asked for %d and can do %d.",
                        storm,
                        RATE,
                        CAPACITY),
                Finding.that(
                        stormAfter < RATE / 2.0,
                        "Nine seconds after the servers were well again, %.0f of %d requests a second were answered. The retries"
                                + " alone kept them down.",
                        stormAfter,
                        RATE),
                Finding.that(
                        budget < 2 * RATE,
                        "**With the budget** of 20 percent, the default, it was never more than %,.0f attempts a second.",
                        budget),
                Finding.that(
                        budgetAfter > 0.9 * RATE && back < END - 2,
                        "Answers were back %.1f s after the servers were well, as soon as they had worked off their queues.",
                        back - RECOVERY));
    }

    @Override
    public Picture picture(Recording recording) {
        double most = Math.max(recording.most("storm attempts"), recording.most("budget attempts"));
        return Picture.of(
                "Retries without a budget turn three slow seconds into an outage that does not end",
                RATE + " requests/s on three servers that can do " + CAPACITY
                        + "/s and are ten times slower from second 4 to 7; up to ten retries, each after 600 ms. Judges off.",
                panel("No budget", "storm", recording, most),
                panel("Budget of 20 percent (default)", "budget", recording, most));
    }

    private static Panel panel(String title, String which, Recording recording, double most) {
        return Panel.titled(title)
                .x("seconds", END)
                .y("per second", most)
                .band(INCIDENT, RECOVERY, "slow")
                .rule(CAPACITY, "what servers can do")
                .line("attempts", Hue.ORANGE, recording.series(which + " attempts"))
                .line("answers", Hue.BLUE, recording.series(which + " answers"));
    }
}
