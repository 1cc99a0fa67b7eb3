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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Two proxies behind an L4 balancer, three servers behind them. A server dies, then a proxy (kill -9), and nobody is told. How long
 * until no request fails any more?
 */
public final class Failover implements Lab {
    private static final int RATE = 150;
    private static final int SERVER_DIES = 3;
    private static final int PROXY_DIES = 8;
    private static final int END = 14;
    private static final double PROMISED = 5;

    private static final String PROXY = """
            listeners:
              - {name: http, address: 127.0.0.1, port: %d, backend: web}
            backends:
              - {name: web, discovery: {static: [%s]}}
            """;

    /** An L4 balancer in front of L7 ones. It sees connections, not requests. */
    private static final String FRONT = """
            listeners:
              - {name: front, protocol: TCP, address: 127.0.0.1, port: %d, backend: proxies}
            backends:
              - name: proxies
                discovery: {static: [%s]}
                healthCheck: {type: TCP, interval: 1s}
            """;

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        var servers = new ArrayList<Server>();
        for (int i = 1; i <= 3; i++) {
            servers.add(stage.server("web-" + i, RATE, Duration.ofMillis(30)));
        }
        var addresses =
                servers.stream().map(server -> '"' + server.address() + '"').collect(Collectors.joining(", "));
        int[] ports = stage.ports(3);
        var proxies = List.of(
                stage.proxy("proxy-1", PROXY.formatted(ports[0], addresses)),
                stage.proxy("proxy-2", PROXY.formatted(ports[1], addresses)));
        for (var proxy : proxies) {
            proxy.awaitReady();
        }
        stage.proxy("front", FRONT.formatted(ports[2], "\"127.0.0.1:" + ports[0] + "\", \"127.0.0.1:" + ports[1] + '"'))
                .awaitReady();
        var plan = LoadPlan.to("http://127.0.0.1:" + ports[2] + "/")
                .rate(RATE)
                .connections(30)
                .postShare(0);
        Load.run(plan.duration(Duration.ofSeconds(2)));
        try (var load = Load.start(plan.duration(Duration.ofSeconds(END)))) {
            var failed = new Rate(0);
            var watch = stage.watch(Duration.ofMillis(200), seconds -> {
                long soFar = load.soFar().failed();
                recording.point("failing", seconds, failed.at(seconds, soFar));
                recording.point("failed so far", seconds, soFar);
            });
            stage.pass(Duration.ofSeconds(SERVER_DIES));
            stage.say("a server dies");
            servers.getFirst().close();
            stage.pass(Duration.ofSeconds(PROXY_DIES - SERVER_DIES));
            stage.say("kill -9 " + proxies.getFirst().name());
            proxies.getFirst().kill();
            stage.pass(Duration.ofSeconds(END - PROXY_DIES));
            watch.close();
            var report = load.await();
            recording.number("sent", report.sent());
            for (var second : report.seconds()) {
                recording.point("failed", second.second() + 0.5, second.failed());
                recording.point("answered", second.second() + 0.5, second.sent() - second.failed());
            }
        }
    }

    /** When the last request failed after a death, in seconds from it; 0 if none did. */
    private static double lastFailure(Recording recording, int from, int to) {
        return recording.series("failing").stream()
                .filter(point -> point.x() >= from && point.x() < to && point.y() > 0)
                .mapToDouble(point -> point.x() - from)
                .max()
                .orElse(0);
    }

    private static double failures(Recording recording, int until) {
        return recording.series("failed so far").stream()
                .filter(point -> point.x() <= until)
                .mapToDouble(Point::y)
                .max()
                .orElse(0);
    }

    @Override
    public List<Finding> findings(Recording recording) {
        double server = failures(recording, PROXY_DIES);
        double proxy = failures(recording, END + 1) - server;
        return List.of(
                Finding.that(
                        server == 0,
                        "**A server dies**: %.0f GETs failed. Those that ran on it were repeated elsewhere by the proxy, which alone knows that"
                                + " they may be.",
                        server),
                Finding.that(
                        proxy <= 30 && lastFailure(recording, PROXY_DIES, END) < PROMISED,
                        "**A proxy dies**: %.0f failed, and the last of them %.1f s after it. They were on its connections; the L4 balancer in front"
                                + " cannot repeat what it does not understand.",
                        proxy,
                        lastFailure(recording, PROXY_DIES, END)),
                Finding.that(
                        recording.mean("answered", END - 2, END + 1) > 0.9 * RATE,
                        "Of %,.0f requests %.0f failed in all; in the end %.0f a second were answered by what was left.",
                        recording.number("sent"),
                        server + proxy,
                        recording.mean("answered", END - 2, END + 1)));
    }

    @Override
    public Picture picture(Recording recording) {
        return Picture.of(
                        "What dies behind a proxy is hidden by it; what dies with a proxy costs what was on it, for a moment",
                        RATE
                                + " GETs/s on 30 kept connections: an L4 balancer, two proxies, three servers; counted by the second in which they were due.",
                        Panel.titled("")
                                .x("seconds", END)
                                .y("requests per second", RATE * 1.3)
                                .moment(SERVER_DIES, "a server dies")
                                .moment(PROXY_DIES, "a proxy dies")
                                .line("answered", Hue.BLUE, recording.series("answered"))
                                .line("failed", Hue.ORANGE, recording.series("failed")))
                .panelHeight(260);
    }
}
