package io.tickstorm.labs.lab;

import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.cli.load.LoadReport;
import io.tickstorm.cli.load.Running;
import io.tickstorm.labs.Finding;
import io.tickstorm.labs.Lab;
import io.tickstorm.labs.Recording;
import io.tickstorm.labs.picture.Hue;
import io.tickstorm.labs.picture.Panel;
import io.tickstorm.labs.picture.Picture;
import io.tickstorm.labs.stage.Backend;
import io.tickstorm.labs.stage.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One of three backend processes is stopped (SIGSTOP) for nine seconds: its port still takes connections, and nobody answers. Found
 * out by nobody, by active checks alone, and by watching traffic.
 */
public final class HealthChecks implements Lab {
    private static final int RATE = 90;
    private static final int HANGS = 2;
    private static final int GOES_ON = 11;
    private static final int END = 15;
    private static final Duration CLIENT_WAITS = Duration.ofSeconds(5);

    private static final String CONFIGURATION = """
            listeners:
              - {name: nothing, address: 127.0.0.1, port: %d, backend: nothing}
              - {name: active, address: 127.0.0.1, port: %d, backend: active}
              - {name: passive, address: 127.0.0.1, port: %d, backend: passive}
            backends:
              - name: nothing
                discovery: {static: [%4$s]}
                balancing: {policy: RoundRobin}
                outlierEjection: {interval: 0s, silence: 0s}
              - name: active
                discovery: {static: [%4$s]}
                balancing: {policy: RoundRobin}
                healthCheck: {path: /, interval: 1s, timeout: 500ms}
                outlierEjection: {interval: 0s, silence: 0s}
              - name: passive
                discovery: {static: [%4$s]}
                balancing: {policy: RoundRobin}
            """;

    private static final List<String> WAYS = List.of("nothing", "active", "passive");

    @Override
    public String name() {
        return "health-checks";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        var backends = new ArrayList<Backend>();
        for (int i = 1; i <= 3; i++) {
            backends.add(stage.backend("web-" + i));
        }
        int[] ports = stage.ports(WAYS.size());
        var addresses = backends.stream()
                .map(backend -> "\"127.0.0.1:" + backend.port() + '"')
                .collect(Collectors.joining(", "));
        for (var backend : backends) {
            backend.awaitReady();
        }
        stage.proxy("proxy", CONFIGURATION.formatted(ports[0], ports[1], ports[2], addresses))
                .awaitReady();
        var plans = IntStream.range(0, WAYS.size())
                .mapToObj(i -> LoadPlan.to("http://127.0.0.1:" + ports[i] + "/")
                        .rate(RATE)
                        .timeout(CLIENT_WAITS)
                        .connections(300)
                        .postShare(0))
                .toList();
        for (var plan : plans) {
            Load.run(plan.duration(Duration.ofSeconds(1)));
        }
        play(stage, recording, plans, backends.getFirst());
    }

    /** One hang for all three ways, which know nothing of each other. */
    private static void play(Stage stage, Recording recording, List<LoadPlan> plans, Backend victim) throws Exception {
        stage.say(RATE + " GETs a second in each of three ways");
        var loads = new ArrayList<Running<LoadReport>>();
        for (var plan : plans) {
            loads.add(stage.with(Load.start(plan.duration(Duration.ofSeconds(END)))));
        }
        stage.pass(Duration.ofSeconds(HANGS));
        stage.say("kill -STOP " + victim.name());
        victim.freeze();
        stage.pass(Duration.ofSeconds(GOES_ON - HANGS));
        stage.say("kill -CONT " + victim.name());
        victim.thaw();
        for (int i = 0; i < WAYS.size(); i++) {
            var report = loads.get(i).await();
            for (var second : report.seconds()) {
                var slowest =
                        second.failed() > 0 ? CLIENT_WAITS : second.latency().max();
                recording.point(WAYS.get(i) + " slowest", second.second() + 0.5, slowest.toNanos() / 1e6);
            }
            recording.number(WAYS.get(i) + " failed", report.failed());
        }
    }

    @Override
    public List<Finding> findings(Recording recording) {
        return List.of(
                Finding.that(
                        slow(recording, "nothing") >= 5,
                        "**Nobody looks**: in %d seconds somebody waited for longer than 2 s, and %.0f requests got no answer in 5 s:"
                                + " every third one went to the process that hung.",
                        slow(recording, "nothing"),
                        recording.number("nothing failed")),
                Finding.that(
                        slow(recording, "active") < slow(recording, "nothing"),
                        "**Active checks** (one a second, out after two failures): %d such seconds, %.0f requests without an answer. What"
                                + " was waiting when it was found out goes on waiting.",
                        slow(recording, "active"),
                        recording.number("active failed")),
                Finding.that(
                        recording.number("passive failed") == 0
                                && slow(recording, "passive") < slow(recording, "active"),
                        "**Traffic itself** (the default: out after a second of silence, and GETs that wait for it go elsewhere): %d such"
                                + " seconds, %.0f without an answer.",
                        slow(recording, "passive"),
                        recording.number("passive failed")));
    }

    /** Seconds in which somebody waited for more than two. */
    private static long slow(Recording recording, String way) {
        return recording.series(way + " slowest").stream()
                .filter(point -> point.y() > 2_000)
                .count();
    }

    @Override
    public Picture picture(Recording recording) {
        return Picture.of(
                "A process that hangs is found by the silence of live requests sooner than by asking",
                "Three times " + RATE
                        + " GETs/s in turns over three backends, one of which is stopped with SIGSTOP from second "
                        + HANGS + " to " + GOES_ON + ". Clients give up after 5 s.",
                Panel.titled("")
                        .x("seconds", END)
                        .powersOfTen("slowest answer of those asked in each second, milliseconds", 10, 30_000)
                        .band(HANGS, GOES_ON, "one of three hangs")
                        .line("nobody looks", Hue.ORANGE, recording.series("nothing slowest"))
                        .line("active checks", Hue.PURPLE, recording.series("active slowest"))
                        .line("traffic itself", Hue.BLUE, recording.series("passive slowest")));
    }
}
