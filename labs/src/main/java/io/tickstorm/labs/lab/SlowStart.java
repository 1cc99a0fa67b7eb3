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

/**
 * A third server joins two. It is cold: its first requests take eight times as long, less and less over six seconds. By turns, once
 * with its full share at once, once with a share that grows.
 */
public final class SlowStart implements Lab {
    private static final int RATE = 120;
    private static final int WORKERS = 4;
    private static final Duration WARM = Duration.ofMillis(40);
    private static final int COLD = 8;
    private static final int JOINS = 3;
    private static final int WARMING = 6;
    private static final int END = 14;

    private static final String CONFIGURATION = """
            listeners:
              - {name: http, address: 127.0.0.1, port: %d, backend: web}
            backends:
              - name: web
                discovery: {file: {path: %s, port: http}}
                balancing: {policy: RoundRobin, slowStart: {window: %s, minimum: 10}}
                outlierEjection: {interval: 0s, silence: 0s}
            """;

    @Override
    public String name() {
        return "slow-start";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        play(stage, recording, "at once", "0s");
        play(stage, recording, "slowly", "8s");
    }

    private static void play(Stage stage, Recording recording, String which, String window) throws Exception {
        var list = stage.endpoints(which.replace(' ', '-'));
        var old = List.of(stage.server("web-1", WORKERS, WARM), stage.server("web-2", WORKERS, WARM));
        for (var server : old) {
            list.ready(server);
        }
        var cold = stage.server("web-3", WORKERS, WARM.multipliedBy(COLD));
        int port = stage.ports(1)[0];
        stage.proxy("proxy-" + window, CONFIGURATION.formatted(port, list.path(), window))
                .awaitReady();
        var plan = LoadPlan.to("http://127.0.0.1:" + port + "/")
                .rate(RATE)
                .connections(400)
                .postShare(0);
        // The first two are at their full share before the third one comes.
        Load.run(plan.rate(RATE / 2.0).duration(Duration.ofSeconds(8)));
        stage.say("full share " + which + ": " + RATE + " requests/s");
        try (var load = Load.start(plan.duration(Duration.ofSeconds(END)))) {
            var arrived = new Rate(0);
            var watch = stage.watch(Duration.ofMillis(250), seconds -> {
                double got = arrived.at(seconds, cold.arrived());
                cold.work(WARM.plus(WARM.multipliedBy(COLD - 1)
                        .multipliedBy((long) (1000 * coldness(seconds)))
                        .dividedBy(1000)));
                if (seconds > 0.1) {
                    recording.point(which + " share", seconds, 100 * got / RATE);
                }
            });
            stage.pass(Duration.ofSeconds(JOINS));
            stage.say("full share " + which + ": a cold server joins");
            list.ready(cold);
            stage.pass(Duration.ofSeconds(END - JOINS));
            watch.close();
            for (var second : load.await().seconds()) {
                recording.point(
                        which + " p99",
                        second.second() + 0.5,
                        second.latency().p99().toNanos() / 1e6);
            }
        }
        old.forEach(Server::close);
        cold.close();
    }

    /** 1 until it joins, 0 when it is warm. */
    private static double coldness(double seconds) {
        return Math.clamp(1 - (seconds - JOINS) / WARMING, 0, 1);
    }

    @Override
    public List<Finding> findings(Recording recording) {
        double before = recording.mean("at once p99", 0, JOINS);
        double abrupt = recording.most("at once p99");
        double slow = recording.most("slowly p99");
        return List.of(
                Finding.that(
                        abrupt > 2 * slow,
                        "**Its full share at once** is more than a cold server can do: the slowest second had a p99 of %.0f ms, after %.0f ms"
                                + " before it came. One server more made everybody slower.",
                        abrupt,
                        before),
                Finding.that(
                        slow < abrupt / 2,
                        "**With a share that grows** over 8 s from a tenth on, the slowest second had %.0f ms.",
                        slow),
                Finding.that(
                        recording.mean("slowly share", END - 2, END + 1) > 25,
                        "In the end it had %.0f percent of the requests, a third as is fair.",
                        recording.mean("slowly share", END - 2, END + 1)));
    }

    @Override
    public Picture picture(Recording recording) {
        return Picture.of(
                "A cold server that gets its full share at once makes everybody slower",
                RATE + " requests/s in turns over two servers; in second " + JOINS
                        + " a third one joins that takes eight times as long at first and is warm after " + WARMING
                        + " s.",
                Panel.titled("What the newcomer gets")
                        .x("seconds", END)
                        .y("percent of all requests", 40)
                        .band(JOINS, JOINS + (double) WARMING, "cold")
                        .line("at once", Hue.ORANGE, recording.series("at once share"))
                        .line("slow start", Hue.BLUE, recording.series("slowly share")),
                Panel.titled("What clients see")
                        .x("seconds", END)
                        .y("p99 of each second, milliseconds", recording.most("at once p99"))
                        .band(JOINS, JOINS + (double) WARMING, "cold")
                        .line("at once", Hue.ORANGE, recording.series("at once p99"))
                        .line("slow start", Hue.BLUE, recording.series("slowly p99")));
    }
}
