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
import io.tickstorm.labs.stage.Autoscaler;
import io.tickstorm.labs.stage.Backend;
import io.tickstorm.labs.stage.Callers;
import io.tickstorm.labs.stage.Crowd;
import io.tickstorm.labs.stage.Fleet;
import io.tickstorm.labs.stage.Proxy;
import io.tickstorm.labs.stage.Stage;
import io.tickstorm.operator.telemetry.Telemetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.DoublePredicate;

/**
 * What cpu, memory and connections say of a pod that is full of silent connections, and of one that works. And a day of an autoscaler
 * that follows connections, in which a minute lasts a second.
 */
public final class Scaling implements Lab {
    static final String CONNECTIONS = "tick_storm_active_connections";
    private static final int TARGET = 100;
    private static final int SILENT = 400;
    private static final int RATE = 100;
    private static final Duration MEASURED = Duration.ofSeconds(4);
    private static final int SAMPLES = 16;

    private static final int ALWAYS = 150;
    private static final int MORE = 750;
    private static final int COME = 2;
    private static final int GO = 11;
    private static final int END = 20;
    private static final int MINUTE = 60;
    private static final int LOOKS = (int) (MINUTE / Autoscaler.PERIOD.toSeconds());

    /** Of a connection that is renewed, at most; half of it at least. */
    private static final Duration LIFE = Duration.ofSeconds(4);

    private static final String CLUSTER = """
            apiVersion: tickstorm.io/v1alpha1
            kind: TickStormCluster
            metadata: {name: ticks}
            spec:
              backend: {resources: {requests: {cpu: 100m, memory: 256Mi}}}
              autoscaling: {backend: {minReplicas: 2, maxReplicas: 20, connections: %d}}
            """.formatted(TARGET);

    private static final double CPU_REQUEST = 0.1;
    private static final double MEMORY_REQUEST = 256 << 20;

    private static final String ONE_POD = """
            listeners:
              - {name: http, address: 127.0.0.1, port: %d, backend: http}
              - {name: tcp, protocol: TCP, address: 127.0.0.1, port: %d, backend: tcp}
            backends:
              - {name: http, discovery: {static: ["127.0.0.1:%d"]}}
              - {name: tcp, discovery: {static: ["127.0.0.1:%d"]}}
            """;

    private static final String FLEETS = """
            listeners:
              - {name: stay, protocol: TCP, address: 127.0.0.1, port: %d, backend: stay, idleTimeout: 0s}
              - {name: renewed, protocol: TCP, address: 127.0.0.1, port: %d, backend: renewed, idleTimeout: 0s}
            backends:
              - {name: stay, discovery: {file: {path: %s, port: http}}, balancing: {slowStart: {window: 0s}}}
              - {name: renewed, discovery: {file: {path: %s, port: http}}, balancing: {slowStart: {window: 0s}}}
            """;

    @Override
    public String name() {
        return "scaling";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        try (var telemetry = Telemetry.overHttp(InstantSource.system())) {
            onePod(stage, recording, telemetry);
            follow(stage, recording, telemetry);
        }
    }

    private static void onePod(Stage stage, Recording recording, Telemetry telemetry) throws Exception {
        // A server of streams hears from its clients now and then; these say nothing at all.
        var pod = stage.backend("pod", "--heartbeat-timeout", "1h");
        int[] ports = stage.ports(2);
        var proxy = stage.proxy("proxy", ONE_POD.formatted(ports[0], ports[1], pod.port(), pod.tcpPort()));
        pod.awaitReady();
        proxy.awaitReady();
        var work = LoadPlan.to("http://127.0.0.1:" + ports[0] + "/bytes?n=200000")
                .rate(RATE)
                .connections(8)
                .postShare(0);
        Load.run(work.duration(Duration.ofSeconds(2)));
        try (var _ = new Callers(ports[1], SILENT, Duration.ZERO)) {
            stage.say(SILENT + " connections that say nothing");
            measure(stage, recording, telemetry, "silent", pod, proxy);
        }
        try (var _ = Load.start(work.duration(Duration.ofMinutes(1)))) {
            stage.say(RATE + " GETs a second on 8 connections");
            measure(stage, recording, telemetry, "busy", pod, proxy);
        }
    }

    /** In percent of what each metric is to be; connections as the mean of samples. */
    private static void measure(
            Stage stage, Recording recording, Telemetry telemetry, String way, Backend pod, Proxy proxy)
            throws InterruptedException {
        var autoscaler = Autoscaler.ofBackends(CLUSTER);
        stage.pass(Duration.ofSeconds(1));
        var before = pod.processor();
        double connections = 0;
        for (int i = 0; i < SAMPLES; i++) {
            stage.pass(MEASURED.dividedBy(SAMPLES));
            connections += sum(Fleet.inFlight(telemetry, proxy, "tcp")) + sum(Fleet.inFlight(telemetry, proxy, "http"));
        }
        connections /= SAMPLES;
        double cores = pod.processor().minus(before).toNanos() / (double) MEASURED.toNanos();
        recording.number(way + " cpu", 100 * (100 * cores / CPU_REQUEST) / autoscaler.target("cpu"));
        recording.number(way + " memory", 100 * (100 * pod.memory() / MEMORY_REQUEST) / autoscaler.target("memory"));
        recording.number(way + " connections", 100 * connections / autoscaler.target(CONNECTIONS));
    }

    private static void follow(Stage stage, Recording recording, Telemetry telemetry) throws Exception {
        int[] ports = stage.ports(2);
        var lists = List.of(stage.endpoints("stay"), stage.endpoints("renewed"));
        var configuration = FLEETS.formatted(
                ports[0], ports[1], lists.get(0).path(), lists.get(1).path());
        var stay = stage.with(new Fleet("stay", lists.get(0)));
        var renewed = stage.with(new Fleet("renewed", lists.get(1)));
        stay.scale(2);
        renewed.scale(2);
        var proxy = stage.proxy("front", configuration);
        proxy.awaitReady();
        try (var always = crowd(ports, ALWAYS)) {
            always.here();
            var days = List.of(
                    new Day(recording, telemetry, proxy, "stay", stay, Autoscaler.ofBackends(CLUSTER)),
                    new Day(recording, telemetry, proxy, "renewed", renewed, Autoscaler.ofBackends(CLUSTER)));
            minutes(days, 0, COME);
            stage.say(MORE + " connections more, those that stay and those that are renewed");
            try (var _ = crowd(ports, MORE)) {
                minutes(days, COME, GO);
            }
            stage.say("they go");
            minutes(days, GO, END);
        }
    }

    /** As many clients whose connections stay as those that renew theirs. */
    private static Crowd crowd(int[] ports, int count) {
        return new Crowd(
                List.of(() -> new Callers(ports[0], count, Duration.ZERO), () -> new Callers(ports[1], count, LIFE)));
    }

    private static void minutes(List<Day> days, int from, int to) throws Exception {
        long began = System.nanoTime();
        for (int look = 0; look < (to - from) * LOOKS; look++) {
            double minute = from + (double) look / LOOKS;
            for (var day : days) {
                day.look(minute);
            }
            long next = began + (look + 1) * Duration.ofSeconds(1).toNanos() / LOOKS;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
        }
    }

    private static double sum(List<Long> connections) {
        return connections.stream().mapToLong(Long::longValue).sum();
    }

    /** The first minute from which on a series is so. */
    private static double first(Recording recording, String series, double from, DoublePredicate so) {
        return recording.series(series).stream()
                .filter(point -> point.x() >= from && so.test(point.y()))
                .mapToDouble(Point::x)
                .findFirst()
                .orElse(Double.NaN);
    }

    @Override
    public List<Finding> findings(Recording recording) {
        double most = recording.most("stay pods");
        double there = first(recording, "stay pods", 0, pods -> pods == most);
        double fewer = first(recording, "stay pods", GO, pods -> pods < most);
        double stay = recording.mean("stay fullest", GO - 1, GO);
        double renewed = recording.mean("renewed fullest", GO - 1, GO);
        return List.of(
                Finding.that(
                        recording.number("silent connections") > 300 && recording.number("silent cpu") < 50,
                        "**%d connections that say nothing**: %.0f percent of what a pod is to have of them, and %.0f percent of the cpu. An"
                                + " autoscaler that knows cpu alone takes pods away.",
                        SILENT,
                        recording.number("silent connections"),
                        recording.number("silent cpu")),
                Finding.that(
                        recording.number("busy connections") < 50 && recording.number("busy cpu") > 110,
                        "**%d GETs a second on 8 connections**: %.0f percent of the connections, %.0f percent of the cpu. Memory says %.0f and %.0f"
                                + " percent of both, which tells nothing: a JVM keeps what it has had.",
                        RATE,
                        recording.number("busy connections"),
                        recording.number("busy cpu"),
                        recording.number("silent memory"),
                        recording.number("busy memory")),
                Finding.that(
                        there - COME > 3 && there - COME < 8,
                        "**Up**: %d connections come within three minutes; the %.0f pods for them are there after %.1f.",
                        MORE,
                        most,
                        there - COME),
                Finding.that(
                        stay > 1.5 * TARGET && renewed < 1.4 * TARGET,
                        "**The average is what counts**: when the autoscaler is content, the fullest pod has %.0f connections where they stay, and"
                                + " %.0f where clients renew them every two to four minutes. %d is the target.",
                        stay,
                        renewed,
                        TARGET),
                Finding.that(
                        fewer - GO > 4.5
                                && recording.series("stay pods").getLast().y() > 2,
                        "**Down**: they are gone at minute %d. The first pod goes %.1f minutes later, and at minute %d there are still %.0f.",
                        GO,
                        fewer - GO,
                        END,
                        recording.series("stay pods").getLast().y()));
    }

    @Override
    public Picture picture(Recording recording) {
        return Picture.of(
                        "Connections tell what cpu does not, and pods follow them slowly, up as well as down",
                        "A pod with " + SILENT + " silent connections, and with " + RATE + " GETs/s. Then " + MORE
                                + " connections more, which come and go, and an autoscaler for which a second is a minute.",
                        metrics(recording),
                        Panel.titled("How many pods there are")
                                .x("minutes", END)
                                .y("pods", Math.max(recording.most("stay pods"), recording.most("stay asked")))
                                .band(COME, GO, "")
                                .line("asked for", Hue.GREY, recording.series("stay asked"))
                                .line("there", Hue.BLUE, recording.series("stay pods")),
                        Panel.titled("How full the fullest is")
                                .x("minutes", END)
                                .y(
                                        "connections",
                                        Math.max(recording.most("stay fullest"), recording.most("renewed fullest")))
                                .band(COME, GO, "")
                                .rule(TARGET, "target of the average")
                                .line("renewed", Hue.BLUE, recording.series("renewed fullest"))
                                .line("stay", Hue.ORANGE, recording.series("stay fullest")))
                .columns(1)
                .panelHeight(200);
    }

    private static Panel metrics(Recording recording) {
        var panel = Panel.titled("What each metric says of one pod")
                .x("", List.of(SILENT + " connections that say nothing", RATE + " GETs/s on 8 connections"))
                .y(
                        "percent of its target",
                        Math.max(recording.number("silent connections"), recording.number("busy cpu")));
        var metrics = List.of("cpu", "memory", "connections");
        var hues = List.of(Hue.ORANGE, Hue.GREY, Hue.BLUE);
        for (int i = 0; i < metrics.size(); i++) {
            for (int way = 0; way < 2; way++) {
                double value = recording.number((way == 0 ? "silent " : "busy ") + metrics.get(i));
                panel.bar(
                        way + 0.28 * (i - 1),
                        0.2,
                        hues.get(i),
                        value,
                        String.format(Locale.ROOT, "%s %.0f", metrics.get(i), value));
            }
        }
        return panel;
    }
}
