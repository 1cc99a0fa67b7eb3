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
import io.tickstorm.labs.stage.Stage;
import io.tickstorm.labs.stage.VersionChange;
import io.tickstorm.labs.stage.Watch;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Three new versions one after the other, while clients go on: a good one as a canary, a slow one as a canary, and another slow one by
 * blue-green, which a person takes back.
 */
public final class NewVersions implements Lab {
    private static final int RATE = 300;
    private static final Duration FAST = Duration.ofMillis(20);
    private static final Duration SLOW = Duration.ofMillis(150);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    /** How long a person takes to see that something is wrong, and to say so. */
    private static final Duration PERSON = Duration.ofSeconds(3);

    private static final String BACKEND = "{image: %s, replicas: 4, ports: {http: 8080}, rollout: {%s}}";
    private static final String CANARY =
            "strategy: Canary, canary: {steps: [{weight: 10, pause: 2s}, {weight: 50, pause: 2s}],"
                    + " analysis: {interval: 1s, minRequests: 20}}";
    private static final String BLUE_GREEN = "strategy: BlueGreen, blueGreen: {promoteAfter: 2s}";

    private static final Map<String, Duration> WORK =
            Map.of("shop1", FAST, "shop2", FAST, "shop3", SLOW, "shop4", SLOW);
    private static final List<String> NEW = List.of("shop2", "shop3", "shop4");

    @Override
    public String name() {
        return "new-versions";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        var change = stage.with(new VersionChange(stage, WORK, BACKEND.formatted("shop1", CANARY)));
        change.awaitReady();
        var plan = LoadPlan.to("http://127.0.0.1:" + change.port() + "/")
                .rate(RATE)
                .connections(80)
                .duration(Duration.ofSeconds(4));
        Load.run(plan);
        try (var load = Load.start(plan.duration(Duration.ofMinutes(1)))) {
            var watch = watch(stage, recording, change);
            change.pass(BETWEEN);
            play(change, recording, watch);
            recording.number("end", watch.seconds());
            var report = load.stop();
            watch.close();
            for (var second : report.seconds()) {
                recording.point(
                        "median ms",
                        second.second() + 0.5,
                        second.latency().p50().toNanos() / 1e6);
                recording.point(
                        "p99 ms", second.second() + 0.5, second.latency().p99().toNanos() / 1e6);
            }
            recording.number("failed", report.failed());
            recording.number("sent", report.sent());
        }
        for (var image : NEW) {
            recording.number(image + " requests", change.arrived(image));
        }
    }

    private static void play(VersionChange change, Recording recording, Watch watch) throws Exception {
        recording.number("shop2 wanted", watch.seconds());
        change.apply(BACKEND.formatted("shop2", CANARY));
        change.until("RolloutPromoted", PATIENCE);
        recording.number("shop2 promoted", watch.seconds());
        change.pass(BETWEEN);

        recording.number("shop3 wanted", watch.seconds());
        change.apply(BACKEND.formatted("shop3", CANARY));
        change.until("RolloutStep", PATIENCE);
        recording.number("shop3 step", watch.seconds());
        change.until("RolloutAborted", PATIENCE);
        recording.number("shop3 aborted", watch.seconds());
        change.pass(BETWEEN);

        recording.number("shop4 wanted", watch.seconds());
        change.apply(BACKEND.formatted("shop4", BLUE_GREEN));
        change.until("RolloutStarted", PATIENCE);
        change.pass(Duration.ofSeconds(1));
        recording.number("shop4 waiting", change.arrived("shop4"));
        change.until("RolloutPromoted", PATIENCE);
        recording.number("shop4 promoted", watch.seconds());
        change.pass(PERSON);
        recording.number("shop4 abort", watch.seconds());
        change.apply(BACKEND.formatted("shop4", BLUE_GREEN + ", abort: " + change.revision()));
        change.until("RolloutPromoted", PATIENCE);
        recording.number("shop4 back", watch.seconds());
        change.pass(BETWEEN);
    }

    private static Watch watch(Stage stage, Recording recording, VersionChange change) {
        var rates = NEW.stream().map(image -> new Rate(0)).toList();
        var all = new Rate(change.arrived("shop1"));
        return stage.watch(Duration.ofMillis(500), seconds -> {
            double sum = all.at(seconds, NEW.stream().mapToLong(change::arrived).sum() + change.arrived("shop1"));
            for (int i = 0; i < NEW.size(); i++) {
                double rate = rates.get(i).at(seconds, change.arrived(NEW.get(i)));
                recording.point(NEW.get(i) + " percent", seconds, sum == 0 ? 0 : 100 * rate / sum);
            }
        });
    }

    private static double between(Recording recording, String from, String to) {
        return recording.number(to) - recording.number(from);
    }

    @Override
    public List<Finding> findings(Recording recording) {
        double trial = between(recording, "shop3 step", "shop3 aborted") * RATE;
        return List.of(
                Finding.that(
                        recording.most("shop2 percent") > 95,
                        "**The good one** had all the traffic %.1f s after it was asked for: first 10 percent of it, then 50, then all.",
                        between(recording, "shop2 wanted", "shop2 promoted")),
                Finding.that(
                        recording.most("shop3 percent") < 30 && recording.number("shop3 requests") < trial / 4,
                        "**The slow one as a canary** was given up after %.1f s with 10 percent. %.0f requests met it, and nobody was needed.",
                        between(recording, "shop3 step", "shop3 aborted"),
                        recording.number("shop3 requests")),
                Finding.that(
                        recording.number("shop4 waiting") == 0
                                && recording.most("shop4 percent") > 95
                                && recording.number("shop4 requests") > 4 * recording.number("shop3 requests"),
                        "**The slow one by blue-green** got nothing while it stood ready, and then everything at once: %.0f requests met it in the"
                                + " %d s that a person took to say no. The way back took %.1f s.",
                        recording.number("shop4 requests"),
                        PERSON.toSeconds(),
                        between(recording, "shop4 abort", "shop4 back")),
                Finding.that(
                        recording.number("failed") == 0,
                        "Of all %,.0f requests **%.0f failed**: a share is moved between two requests.",
                        recording.number("sent"),
                        recording.number("failed")));
    }

    @Override
    public Picture picture(Recording recording) {
        double end = Math.ceil(recording.number("end"));
        return Picture.of(
                        "A canary asks a few whether a version is good; blue-green asks all of them, and can take it back",
                        RATE + " requests/s; versions 1 and 2 take " + FAST.toMillis()
                                + " ms for each, versions 3 and 4 take " + SLOW.toMillis()
                                + " ms. Steps of 10 and 50 percent, two seconds each.",
                        panel(
                                        recording,
                                        "How long requests take",
                                        end,
                                        "version 2,\na canary",
                                        "version 3,\na canary",
                                        "version 4,\nblue-green")
                                .y("milliseconds", recording.most("p99 ms"))
                                .line("99 of 100", Hue.GREEN, within(recording, "p99 ms", end))
                                .line("half", Hue.GREY, within(recording, "median ms", end)),
                        panel(recording, "Who gets them", end, "", "", "")
                                .y("percent", 100)
                                .line("version 2", Hue.BLUE, recording.series("shop2 percent"))
                                .line("version 4", Hue.ORANGE, recording.series("shop4 percent"))
                                .line("version 3", Hue.PURPLE, recording.series("shop3 percent")))
                .columns(1);
    }

    private static Panel panel(
            Recording recording, String title, double end, String second, String third, String fourth) {
        return Panel.titled(title)
                .x("seconds", end)
                .moment(recording.number("shop2 wanted"), second)
                .moment(recording.number("shop3 wanted"), third)
                .moment(recording.number("shop4 wanted"), fourth);
    }

    private static List<Point> within(Recording recording, String series, double end) {
        return recording.series(series).stream()
                .filter(point -> point.x() < end)
                .toList();
    }
}
