package io.tickstorm.labs.lab;

import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.cli.load.LoadReport;
import io.tickstorm.labs.Finding;
import io.tickstorm.labs.Lab;
import io.tickstorm.labs.Recording;
import io.tickstorm.labs.picture.Hue;
import io.tickstorm.labs.picture.Panel;
import io.tickstorm.labs.picture.Picture;
import io.tickstorm.labs.picture.Point;
import io.tickstorm.labs.stage.KubeProxy;
import io.tickstorm.labs.stage.Proxy;
import io.tickstorm.labs.stage.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Three proxies, one of which dies (kill -9), and three ways in which clients come to them: by an address out of the DNS, through a node
 * port, and through an L4 balancer that checks.
 */
public final class BalancingBalancers implements Lab {
    private static final int RATE = 150;
    private static final int DIES = 2;
    private static final int END = 8;

    /** How long clients keep the address that they were given. */
    private static final int TTL = 5;

    /** How late the rules of a node port are, once a pod has gone without a word. */
    private static final int LATE = 2;

    private static final String PROXY = """
            listeners:
              - {name: http, address: 127.0.0.1, port: %d, backend: web}
            backends:
              - {name: web, discovery: {static: ["%s"]}}
            workers: 1
            """;

    private static final String FRONT = """
            listeners:
              - {name: front, protocol: TCP, address: 127.0.0.1, port: %d, backend: proxies}
            backends:
              - name: proxies
                discovery: {static: ["127.0.0.1:%d", "127.0.0.1:%d", "127.0.0.1:%d"]}
                healthCheck: {type: TCP, interval: 1s}
            workers: 1
            """;

    /** A proxy and where it listens. */
    private record Replica(Proxy proxy, int port) {
        void die(Stage stage, String way) {
            stage.say(way + ": kill -9 " + proxy.name());
            proxy.kill();
        }
    }

    @Override
    public String name() {
        return "balancing-balancers";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        // Two live through all of it; each way has a third one of its own that does not.
        var replicas = replicas(stage, 5);
        var survivors = replicas.subList(3, 5);
        byDns(stage, recording, replicas.get(0), survivors);
        throughNodePort(stage, recording, replicas.get(1), survivors);
        throughFront(stage, recording, replicas.get(2), survivors);
    }

    private static List<Replica> replicas(Stage stage, int count) throws Exception {
        var server = stage.server("web", RATE, Duration.ofMillis(20));
        var replicas = new ArrayList<Replica>();
        for (int port : stage.ports(count)) {
            var name = "proxy-" + (replicas.size() + 1);
            replicas.add(new Replica(stage.proxy(name, PROXY.formatted(port, server.address())), port));
        }
        for (var replica : replicas) {
            replica.proxy().awaitReady();
        }
        // A JVM is slow at first, and what waits when a proxy dies fails with it.
        for (var replica : replicas) {
            Load.run(plan(replica.port(), RATE).duration(Duration.ofMillis(500)));
        }
        return replicas;
    }

    /** Each third of the clients has been given another address, and asks again when the record expires. */
    private static void byDns(Stage stage, Recording recording, Replica victim, List<Replica> survivors)
            throws Exception {
        long[] failed = new long[END];
        try (var second = Load.start(plan(survivors.get(0).port(), RATE / 3.0));
                var third = Load.start(plan(survivors.get(1).port(), RATE / 3.0))) {
            try (var first = Load.start(plan(victim.port(), RATE / 3.0))) {
                stage.pass(Duration.ofSeconds(DIES));
                victim.die(stage, "DNS");
                stage.pass(Duration.ofSeconds(TTL));
                add(failed, 0, first.stop());
            }
            stage.say("DNS: the record expires, its clients get another address");
            try (var moved = Load.start(plan(survivors.get(0).port(), RATE / 3.0))) {
                stage.pass(Duration.ofSeconds(END - DIES - TTL));
                add(failed, DIES + TTL, moved.stop());
            }
            add(failed, 0, second.stop());
            add(failed, 0, third.stop());
        }
        record(recording, "DNS", failed);
    }

    /** The list of endpoints is brought up to date some time after the death; until then nothing is known of it. */
    private static void throughNodePort(Stage stage, Recording recording, Replica victim, List<Replica> survivors)
            throws Exception {
        var list = stage.endpoints("proxies");
        list.ready(victim.proxy().name(), victim.port());
        for (var survivor : survivors) {
            list.ready(survivor.proxy().name(), survivor.port());
        }
        try (var service = new KubeProxy(list);
                var load = Load.start(plan(service.port(), RATE))) {
            stage.pass(Duration.ofSeconds(DIES));
            victim.die(stage, "node port");
            stage.pass(Duration.ofSeconds(LATE));
            stage.say("node port: the rules change");
            list.gone(victim.proxy().name());
            stage.pass(Duration.ofSeconds(END - DIES - LATE));
            record(recording, "node port", load.stop());
        }
    }

    /** Nobody tells it anything: it has three addresses, and tries. */
    private static void throughFront(Stage stage, Recording recording, Replica victim, List<Replica> survivors)
            throws Exception {
        int port = stage.ports(1)[0];
        var all = FRONT.formatted(
                port, victim.port(), survivors.get(0).port(), survivors.get(1).port());
        stage.proxy("front", all).awaitReady();
        try (var load = Load.start(plan(port, RATE))) {
            stage.pass(Duration.ofSeconds(DIES));
            victim.die(stage, "L4");
            stage.pass(Duration.ofSeconds(END - DIES));
            record(recording, "L4", load.stop());
        }
    }

    /** A connection for each request: who keeps one asks nobody for the way. */
    private static LoadPlan plan(int port, double rate) {
        return LoadPlan.to("http://127.0.0.1:" + port + "/")
                .rate(rate)
                .connections((int) (rate * 2 / 5))
                .postShare(0)
                .headers(Map.of("connection", "close"))
                .timeout(Duration.ofSeconds(2))
                .duration(Duration.ofMinutes(1));
    }

    private static void record(Recording recording, String way, LoadReport report) {
        long[] failed = new long[END];
        add(failed, 0, report);
        record(recording, way, failed);
    }

    private static void record(Recording recording, String way, long[] failed) {
        for (int second = 0; second < END; second++) {
            recording.point(way, second + 0.5, failed[second]);
        }
    }

    private static void add(long[] failed, int from, LoadReport report) {
        for (var second : report.seconds()) {
            failed[Math.min(from + second.second(), END - 1)] += second.failed();
        }
    }

    private static double sum(Recording recording, String way) {
        return recording.series(way).stream().mapToDouble(Point::y).sum();
    }

    private static List<Point> soFar(Recording recording, String way) {
        var points = new ArrayList<Point>(List.of(new Point(0, 0)));
        for (var second : recording.series(way)) {
            points.add(new Point(second.x() + 0.5, points.getLast().y() + second.y()));
        }
        return points;
    }

    @Override
    public List<Finding> findings(Recording recording) {
        double dns = sum(recording, "DNS");
        double nodePort = sum(recording, "node port");
        double front = sum(recording, "L4");
        return List.of(
                Finding.that(
                        dns > RATE / 3.0 * (TTL - 1),
                        "**DNS**: %.0f requests failed: all that a third of the clients sent in the %d s for which they kept the address of the"
                                + " dead proxy.",
                        dns,
                        TTL),
                Finding.that(
                        nodePort < dns / 2 && nodePort > front,
                        "**Node port**: %.0f failed: each connection had one chance in three to be sent to the dead proxy, for the %d s until the"
                                + " rules were changed.",
                        nodePort,
                        LATE),
                Finding.that(
                        front <= RATE / 10.0,
                        "**An L4 balancer that tries the next one**: %.0f failed, those that were on their way through the proxy when it died."
                                + " Nobody told it of the death.",
                        front));
    }

    @Override
    public Picture picture(Recording recording) {
        return Picture.of(
                        "What stands before the proxies is worth what it does in the seconds before anybody knows",
                        RATE
                                + " GETs/s, each on a connection of its own, over three proxies, and three ways to them. Clients keep an address for "
                                + TTL + " s, rules of the node port change " + LATE + " s after the death.",
                        Panel.titled("")
                                .x("seconds", END)
                                .y("failed requests so far", sum(recording, "DNS"))
                                .moment(DIES, "one of three\nproxies dies")
                                .line("DNS", Hue.ORANGE, soFar(recording, "DNS"))
                                .line("node port", Hue.PURPLE, soFar(recording, "node port"))
                                .line("L4", Hue.BLUE, soFar(recording, "L4")))
                .panelHeight(260);
    }
}
