package io.tickstorm.labs.lab;

import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.labs.Finding;
import io.tickstorm.labs.Lab;
import io.tickstorm.labs.Recording;
import io.tickstorm.labs.picture.Hue;
import io.tickstorm.labs.picture.Panel;
import io.tickstorm.labs.picture.Picture;
import io.tickstorm.labs.stage.EndpointList;
import io.tickstorm.labs.stage.KubeProxy;
import io.tickstorm.labs.stage.Server;
import io.tickstorm.labs.stage.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Three servers are replaced, one after the other, in four ways. The end of a pod has two messengers, SIGTERM to the process and
 * a list to the proxies, and nobody says which one is first.
 */
public final class RollingRestart implements Lab {
    private static final int PODS = 3;
    private static final int RATE = 100;
    private static final Duration WORK = Duration.ofMillis(100);
    /** How late proxies hear of it: an API server, a controller and a watch with something to do. */
    private static final Duration LATE = Duration.ofMillis(800);
    /** How long a pod serves on after it was told to end: a preStop sleep, or a server that drains. */
    private static final Duration SERVES_ON = Duration.ofMillis(1_600);

    private static final Duration BETWEEN = Duration.ofMillis(500);
    private static final double LENGTH = 0.5 + PODS * 2.5;

    private static final String CONFIGURATION = """
            listeners:
              - {name: http, address: 127.0.0.1, port: %d, backend: web}
            backends:
              - {name: web, discovery: {file: {path: %s, port: http}}}
            """;

    private enum Way {
        RACE("ends first;\nno proxy", Hue.ORANGE),
        RETRIED("ends first", Hue.PURPLE),
        DRAINED("ends first;\nbut drains", Hue.GREEN),
        TOLD("list first", Hue.BLUE);

        private final String words;
        private final Hue hue;

        Way(String words, Hue hue) {
            this.words = words;
            this.hue = hue;
        }
    }

    @Override
    public String name() {
        return "rolling-restart";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        var list = stage.endpoints("endpoints");
        var pods = pods(stage, "first");
        for (var pod : pods) {
            list.ready(pod);
        }
        int port = stage.ports(1)[0];
        stage.proxy("proxy", CONFIGURATION.formatted(port, list.path())).awaitReady();
        var service = stage.with(new KubeProxy(list));
        for (var way : Way.values()) {
            var url = "http://127.0.0.1:" + (way == Way.RACE ? service.port() : port) + "/";
            Load.run(LoadPlan.to(url).rate(RATE).duration(Duration.ofSeconds(1)));
            pods = roll(stage, list, recording, way, url, pods);
        }
    }

    private static List<Server> roll(
            Stage stage, EndpointList list, Recording recording, Way way, String url, List<Server> old)
            throws Exception {
        stage.say("replacing " + PODS + " servers: " + way.words.replace('\n', ' '));
        var next = pods(stage, way.name());
        var plan = LoadPlan.to(url).rate(RATE).connections(40).duration(Duration.ofMinutes(1));
        try (var gets = Load.start(plan.postShare(0));
                var posts = Load.start(plan.postShare(1))) {
            var watch = stage.watch(Duration.ofMillis(100), seconds -> {
                recording.point(
                        way.name(),
                        seconds,
                        gets.soFar().failed() + posts.soFar().failed());
            });
            stage.pass(BETWEEN);
            for (int i = 0; i < PODS; i++) {
                list.ready(next.get(i));
                leave(stage, list, way, old.get(i));
                stage.pass(BETWEEN);
            }
            stage.pass(BETWEEN);
            watch.close();
            recording.number(way + " GET", gets.stop().failed());
            recording.number(way + " POST", posts.stop().failed());
        }
        return next;
    }

    /** What the kubelet and the endpoint controller do, each in its own time. */
    private static void leave(Stage stage, EndpointList list, Way way, Server pod) throws Exception {
        switch (way) {
            case RACE, RETRIED -> {
                pod.close();
                stage.pass(LATE);
                list.draining(pod);
                stage.pass(SERVES_ON.minus(LATE));
            }
            case DRAINED -> {
                stage.pass(LATE);
                list.draining(pod);
                stage.pass(SERVES_ON.minus(LATE));
                pod.close();
            }
            case TOLD -> {
                list.draining(pod);
                stage.pass(SERVES_ON);
                pod.close();
            }
        }
        list.gone(pod);
    }

    private static List<Server> pods(Stage stage, String name) throws Exception {
        var pods = new ArrayList<Server>();
        for (int i = 1; i <= PODS; i++) {
            pods.add(stage.server(name + "-" + i, RATE, WORK));
        }
        return pods;
    }

    @Override
    public List<Finding> findings(Recording recording) {
        double race = failed(recording, Way.RACE);
        double retried = failed(recording, Way.RETRIED);
        return List.of(
                Finding.that(
                        race > 1.5 * retried && race > 10,
                        "**The process ends first**, the list follows %d ms later, and clients reach the servers as through kube-proxy alone: %.0f"
                                + " requests failed.",
                        LATE.toMillis(),
                        race),
                Finding.that(
                        recording.number(Way.RETRIED + " GET") == 0,
                        "**The same behind the proxy**: no GET failed, and %.0f POSTs did. They were being worked on"
                                + " when their server ended, and may have been done.",
                        recording.number(Way.RETRIED + " POST")),
                Finding.that(
                        failed(recording, Way.DRAINED) == 0,
                        "**The process is told first but serves on** until everybody knows: %.0f failed.",
                        failed(recording, Way.DRAINED)),
                Finding.that(
                        failed(recording, Way.TOLD) == 0,
                        "**The list comes first**, as a preStop sleep sees to: %.0f failed, however rude the process.",
                        failed(recording, Way.TOLD)));
    }

    private static double failed(Recording recording, Way way) {
        return recording.number(way + " GET") + recording.number(way + " POST");
    }

    @Override
    public Picture picture(Recording recording) {
        var timeline = Panel.titled("As it happens")
                .x("seconds", LENGTH)
                .y("failed requests so far", recording.most(Way.RACE.name()));
        for (var way : Way.values()) {
            timeline.line(
                    way == Way.DRAINED || way == Way.TOLD ? "" : way.words, way.hue, recording.series(way.name()));
        }
        var sums = Panel.titled("In the end")
                .x(
                        "",
                        List.of(
                                "ends first,\nno proxy",
                                "ends first",
                                "ends first,\nbut drains",
                                "list first\n(preStop)"))
                .y("failed requests", recording.most(Way.RACE.name()));
        for (var way : Way.values()) {
            double sum = failed(recording, way);
            sums.bar(way.ordinal(), way.hue, sum, "%.0f".formatted(sum));
        }
        return Picture.of(
                "Nobody loses a request if the list wins the race, or if the loser serves on",
                "Three servers are replaced while " + RATE + " GETs and " + RATE
                        + " POSTs a second run, each for 100 ms. The list of endpoints is 800 ms late, but in the last way.",
                timeline,
                sums);
    }
}
