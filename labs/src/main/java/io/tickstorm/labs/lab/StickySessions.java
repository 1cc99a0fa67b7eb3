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
import io.tickstorm.labs.stage.Visitors;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Twenty clients, of which a few ask for most, over four servers: wherever there is room, or each where it was before. One server is
 * away for three seconds and comes back.
 */
public final class StickySessions implements Lab {
    private static final int CLIENTS = 20;
    private static final int RATE = 120;
    private static final int LEAVES = 6;
    private static final int RETURNS = 9;
    private static final int END = 15;

    private static final String CONFIGURATION = """
            listeners:
              - {name: free, address: 127.0.0.1, port: %d, backend: free}
              - {name: sticky, address: 127.0.0.1, port: %d, backend: sticky}
            backends:
              - name: free
                discovery: {file: {path: %3$s, port: http}}
                balancing: {slowStart: {window: 1s}}
              - name: sticky
                discovery: {file: {path: %3$s, port: http}}
                balancing: {slowStart: {window: 1s}}
                stickiness: {type: Cookie, secretFile: %4$s, secure: false}
            """;

    @Override
    public String name() {
        return "sticky-sessions";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        var list = stage.endpoints("endpoints");
        var servers = new ArrayList<Server>();
        for (int i = 1; i <= 4; i++) {
            servers.add(stage.server("web-" + i, 50, Duration.ofMillis(10)));
            list.ready(servers.getLast());
        }
        var secret = Files.writeString(list.path().resolveSibling("secret"), "a-secret-of-this-lab-only\n");
        int[] ports = stage.ports(2);
        stage.proxy("proxy", CONFIGURATION.formatted(ports[0], ports[1], list.path(), secret))
                .awaitReady();
        Load.run(LoadPlan.to("http://127.0.0.1:" + ports[0] + "/").rate(RATE).duration(Duration.ofSeconds(2)));
        for (var way : List.of("free", "sticky")) {
            stage.say(way + ": " + CLIENTS + " clients, " + RATE + " requests/s in all");
            var clients = stage.with(new Visitors(ports[way.equals("free") ? 0 : 1], paces()));
            var rates =
                    servers.stream().map(server -> new Rate(server.arrived())).toList();
            var watch = stage.watch(Duration.ofMillis(500), seconds -> {
                for (int i = 0; i < rates.size(); i++) {
                    double share = 100 * rates.get(i).at(seconds, servers.get(i).arrived()) / RATE;
                    if (seconds > 0.3) {
                        recording.point(way + " " + i, seconds, share);
                    }
                }
            });
            stage.pass(Duration.ofSeconds(LEAVES));
            stage.say(way + ": web-1 leaves");
            list.gone(servers.getFirst());
            stage.pass(Duration.ofSeconds(RETURNS - LEAVES));
            stage.say(way + ": web-1 is back");
            list.ready(servers.getFirst());
            stage.pass(Duration.ofSeconds(END - RETURNS));
            watch.close();
            clients.close();
        }
    }

    /** The first asks for most, the second for half of that, the third for a third: milliseconds between two requests. */
    private static List<Double> paces() {
        double sum = IntStream.rangeClosed(1, CLIENTS).mapToDouble(i -> 1.0 / i).sum();
        return IntStream.rangeClosed(1, CLIENTS)
                .mapToObj(i -> 1000.0 * sum * i / RATE)
                .toList();
    }

    @Override
    public List<Finding> findings(Recording recording) {
        double free = busiest(recording, "free");
        double sticky = busiest(recording, "sticky");
        double freeBack = recording.mean("free 0", END - 3, END + 1);
        double stickyBack = recording.mean("sticky 0", END - 3, END + 1);
        return List.of(
                Finding.that(
                        free < 30,
                        "**Wherever there is room**: the busiest of four servers had %.0f percent of the requests.",
                        free),
                Finding.that(
                        sticky > free + 3,
                        "**Each where it was before**: the busiest had %.0f percent. Clients were spread evenly; what they ask for was not.",
                        sticky),
                Finding.that(
                        freeBack > 20 && stickyBack < freeBack / 3,
                        "Three to six seconds **after it was back**, the server had %.0f percent without stickiness and %.0f percent with it: its"
                                + " clients live elsewhere now, and only new ones come.",
                        freeBack,
                        stickyBack));
    }

    private static double busiest(Recording recording, String way) {
        double most = 0;
        for (int i = 0; i < 4; i++) {
            most = Math.max(most, recording.mean(way + " " + i, 1, LEAVES));
        }
        return most;
    }

    @Override
    public Picture picture(Recording recording) {
        return Picture.of(
                "Sticky sessions spread clients, not work, and a server that comes back stays empty",
                CLIENTS + " clients with a cookie, " + RATE
                        + " requests/s in all, the first asks for 28 percent of it. One of four"
                        + " servers is away from second " + LEAVES + " to " + RETURNS + ".",
                panel("Wherever there is room", "free", recording),
                panel("Each where it was before", "sticky", recording));
    }

    private static Panel panel(String title, String way, Recording recording) {
        return Panel.titled(title)
                .x("seconds", END)
                .y("percent of all requests, each server", 60)
                .band(LEAVES, RETURNS, "away")
                .line("", Hue.GREY, recording.series(way + " 1"))
                .line("the others", Hue.GREY, recording.series(way + " 2"))
                .line("", Hue.GREY, recording.series(way + " 3"))
                .line("the one\nthat leaves", Hue.ORANGE, recording.series(way + " 0"));
    }
}
