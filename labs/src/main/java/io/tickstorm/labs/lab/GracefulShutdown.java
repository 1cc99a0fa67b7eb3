package io.tickstorm.labs.lab;

import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.labs.Finding;
import io.tickstorm.labs.Lab;
import io.tickstorm.labs.Recording;
import io.tickstorm.labs.picture.Hue;
import io.tickstorm.labs.picture.Panel;
import io.tickstorm.labs.picture.Picture;
import io.tickstorm.labs.stage.Proxy;
import io.tickstorm.labs.stage.Stage;
import io.tickstorm.labs.stage.WebClients;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A proxy is told to end (SIGTERM) while four kinds of clients are on it: short requests on kept connections, requests of four
 * seconds, WebSockets, and streams of events without end. It has 2 s in which others hear of it, and 8 s more.
 */
public final class GracefulShutdown implements Lab {
    private static final int EACH = 20;
    private static final int DELAY = 2;
    private static final int TIMEOUT = 8;

    private static final String CONFIGURATION = """
            listeners:
              - {name: short, address: 127.0.0.1, port: %d, backend: web}
              - {name: long, address: 127.0.0.1, port: %d, backend: web}
              - {name: sockets, address: 127.0.0.1, port: %d, backend: web}
              - {name: events, address: 127.0.0.1, port: %d, backend: web}
            backends:
              - {name: web, discovery: {static: ["127.0.0.1:%d"]}}
            drain: {delay: %ds, timeout: %ds}
            """;

    /** What a Service is: leads to proxies that are not about to end. */
    private static final String FRONT = """
            listeners:
              - {name: front, protocol: TCP, address: 127.0.0.1, port: %d, backend: proxies}
            backends:
              - {name: proxies, discovery: {file: {path: %s, port: http}}, balancing: {slowStart: {window: 0s}}}
            """;

    @Override
    public String name() {
        return "graceful-shutdown";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        var backend = stage.backend("web");
        int[] ports = stage.ports(9);
        var ending = proxy(stage, "ending", ports, 0, backend.port());
        var other = proxy(stage, "other", ports, 4, backend.port());
        var list = stage.endpoints("proxies");
        list.ready("ending", ports[0]);
        var front = stage.proxy("front", FRONT.formatted(ports[8], list.path()));
        backend.awaitReady();
        ending.awaitReady();
        front.awaitReady();
        other.awaitReady();
        var clients = stage.with(new WebClients());
        clients.sockets("ws://127.0.0.1:" + ports[2] + "/ws", EACH);
        var events = clients.requests("http://127.0.0.1:" + ports[3] + "/stream?ms=500", EACH);
        var plan = LoadPlan.to("http://127.0.0.1:" + ports[8] + "/")
                .rate(80)
                .connections(EACH)
                .postShare(0.3);
        try (var load = Load.start(plan.duration(Duration.ofSeconds(3L + DELAY + TIMEOUT)))) {
            stage.pass(Duration.ofSeconds(2));
            list.ready("other", ports[4]);
            stage.pass(Duration.ofMillis(500));
            var late = clients.requests("http://127.0.0.1:" + ports[1] + "/slow?ms=4000", EACH);
            stage.pass(Duration.ofMillis(500));
            stage.say("SIGTERM");
            long told = System.nanoTime();
            var watch = stage.watch(Duration.ofMillis(100), seconds -> {
                recording.point("short", seconds, onEnding(front));
                recording.point("long", seconds, open(late));
                recording.point("sockets", seconds, EACH - clients.told());
                recording.point("events", seconds, open(events));
            });
            ending.terminate();
            stage.pass(Duration.ofMillis(500));
            list.draining("ending", ports[0]);
            boolean ended = ending.awaitEnd(Duration.ofSeconds(2L * (DELAY + TIMEOUT)));
            double took = (System.nanoTime() - told) / 1e9;
            watch.close();
            stage.say("ended: " + ended);
            recording.number("took s", took);
            recording.number("exit code", ended ? ending.exitCode() : -1);
            recording.number("short failed", load.await().failed());
            recording.number(
                    "long done",
                    late.stream().filter(request -> request.join() == 200).count());
            recording.number("sockets told", clients.told());
        }
    }

    private static Proxy proxy(Stage stage, String name, int[] ports, int first, int backend) throws Exception {
        return stage.proxy(
                name,
                CONFIGURATION.formatted(
                        ports[first], ports[first + 1], ports[first + 2], ports[first + 3], backend, DELAY, TIMEOUT));
    }

    /** Connections that the one in front has to the proxy that ends. */
    private static int onEnding(Proxy front) {
        var proxies = ((JsonObject) front.state().getJsonArray("backends").getValue(0)).getJsonArray("upstreams");
        return proxies.stream()
                .map(JsonObject.class::cast)
                .filter(proxy -> proxy.getString("name").equals("ending"))
                .mapToInt(proxy -> proxy.getInteger("inFlight"))
                .sum();
    }

    private static long open(List<CompletableFuture<Integer>> requests) {
        return requests.stream().filter(request -> !request.isDone()).count();
    }

    @Override
    public List<Finding> findings(Recording recording) {
        return List.of(
                Finding.that(
                        recording.number("short failed") == 0,
                        "**Short requests** moved to the other proxy, connection by connection, with an answer that said `Connection:"
                                + " close`: %.0f failed.",
                        recording.number("short failed")),
                Finding.that(
                        recording.number("long done") == EACH,
                        "**Requests of four seconds** were finished: %.0f of %d.",
                        recording.number("long done"),
                        EACH),
                Finding.that(
                        recording.number("sockets told") == EACH,
                        "**WebSockets** were told to go (1001), one after the other over %d s: %.0f of %d.",
                        TIMEOUT * 3 / 4,
                        recording.number("sockets told"),
                        EACH),
                Finding.that(
                        recording.number("took s") < DELAY + TIMEOUT + 2 && recording.number("exit code") == 0,
                        "**Streams without end** were cut at the end: the process had gone after %.1f s, with exit code %.0f.",
                        recording.number("took s"),
                        recording.number("exit code")));
    }

    @Override
    public Picture picture(Recording recording) {
        return Picture.of(
                        "Each kind of client needs its own way out, and the last one needs a limit",
                        "Connections on a proxy after SIGTERM, " + EACH + " of each kind. The drain has a delay of "
                                + DELAY + " s and a timeout of " + TIMEOUT + " s; the defaults are 5 s and 25 s.",
                        Panel.titled("")
                                .x("seconds after SIGTERM", DELAY + TIMEOUT + 1.0)
                                .y("connections on the proxy that ends", EACH * 1.1)
                                .band(0, DELAY, "still takes\nnew ones")
                                .moment(DELAY + TIMEOUT, "cut")
                                .line("", Hue.ORANGE, recording.series("events"))
                                .line("", Hue.PURPLE, recording.series("sockets"))
                                .line("", Hue.GREEN, recording.series("long"))
                                .line("", Hue.BLUE, recording.series("short"))
                                .note(7.2, EACH * 1.03, Hue.ORANGE, "streams of events")
                                .note(6.6, 9, Hue.PURPLE, "WebSockets")
                                .note(4.1, 15, Hue.GREEN, "requests of 4 s")
                                .note(0.8, 3, Hue.BLUE, "short requests"))
                .panelHeight(300);
    }
}
