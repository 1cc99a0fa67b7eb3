package io.tickstorm.labs.lab;

import io.tickstorm.labs.Finding;
import io.tickstorm.labs.Lab;
import io.tickstorm.labs.Recording;
import io.tickstorm.labs.picture.Hue;
import io.tickstorm.labs.picture.Panel;
import io.tickstorm.labs.picture.Picture;
import io.tickstorm.labs.picture.Point;
import io.tickstorm.labs.stage.Proxy;
import io.tickstorm.labs.stage.Server;
import io.tickstorm.labs.stage.Stage;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Clients that leave at any moment, and clients that stay without a word. What runs, and what is open, must come back to zero:
 * a count that does not is a server that looks busy for ever.
 */
public final class ConnectionTracking implements Lab {
    private static final int RUDE = 2_000;
    private static final int SILENT = 100;
    private static final int WATCHED = 12;
    private static final int HEADER_TIMEOUT = 3;
    private static final int IDLE_TIMEOUT = 6;
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: lab\r\nContent-Length: 4\r\n\r\n";

    private static final String CONFIGURATION = """
            listeners:
              - {name: patient, address: 127.0.0.1, port: %d, backend: web, headerTimeout: 0s, idleTimeout: 0s}
              - {name: usual, address: 127.0.0.1, port: %d, backend: web, headerTimeout: %ds, idleTimeout: %ds}
            backends:
              - {name: web, discovery: {static: [%s]}}
            """;

    @Override
    public String name() {
        return "connection-tracking";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        var servers = new ArrayList<Server>();
        for (int i = 1; i <= 3; i++) {
            servers.add(stage.server("web-" + i, 1_000, Duration.ofMillis(200)));
        }
        int[] ports = stage.ports(2);
        var addresses =
                servers.stream().map(server -> '"' + server.address() + '"').collect(Collectors.joining(", "));
        var proxy = stage.proxy(
                "proxy", CONFIGURATION.formatted(ports[0], ports[1], HEADER_TIMEOUT, IDLE_TIMEOUT, addresses));
        proxy.awaitReady();
        rude(stage, recording, proxy, ports[1]);
        silent(stage, recording, proxy, ports);
    }

    /** Requests that are given up at any moment: before their end, while they run, while their answer comes. */
    private static void rude(Stage stage, Recording recording, Proxy proxy, int port) throws Exception {
        stage.say(RUDE + " clients that leave at any moment");
        var random = new Random(20_261_121);
        var watch =
                stage.watch(Duration.ofMillis(100), seconds -> recording.point("in flight", seconds, inFlight(proxy)));
        for (int i = 0; i < RUDE; i++) {
            long stay = random.nextLong(400_000_000);
            // Half of them say all of it.
            int bytes = random.nextBoolean() ? HEAD.length() + 4 : random.nextInt(HEAD.length() + 4);
            Thread.startVirtualThread(() -> leave(port, bytes, stay));
            stage.pass(Duration.ofMillis(2));
        }
        recording.number("last left s", watch.seconds());
        stage.pass(Duration.ofSeconds(2));
        watch.close();
        recording.number("in flight at the end", inFlight(proxy));
        recording.number("open", proxy.metric("tick_storm_active_connections"));
        recording.number("accepted", proxy.metric("tick_storm_connections_total"));
    }

    /** Sends so many bytes of a request, stays for a moment, and resets the connection. */
    private static void leave(int port, int bytes, long stayNanos) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write((HEAD + "work").substring(0, bytes).getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(Duration.ofNanos(stayNanos));
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Half of them say half a head, the others ask once and stay. */
    private static void silent(Stage stage, Recording recording, Proxy proxy, int[] ports) throws Exception {
        stage.say(2 * SILENT + " clients on each port that stay and say nothing more");
        var clients = new ArrayList<Socket>();
        for (int port : ports) {
            for (int i = 0; i < 2 * SILENT; i++) {
                var socket = stage.with(new Socket("127.0.0.1", port));
                var said = i < SILENT ? HEAD.substring(0, 20) : HEAD + "work";
                socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
                clients.add(socket);
            }
        }
        var watch = stage.watch(Duration.ofMillis(200), seconds -> {
            for (var each : proxy.state().getJsonArray("listeners")) {
                var listener = (JsonObject) each;
                recording.point(listener.getString("name"), seconds, listener.getInteger("connections"));
            }
        });
        stage.pass(Duration.ofSeconds(WATCHED));
        watch.close();
    }

    private static int inFlight(Proxy proxy) {
        return ((JsonObject) proxy.state().getJsonArray("backends").getValue(0)).getInteger("inFlight");
    }

    @Override
    public List<Finding> findings(Recording recording) {
        var usual = recording.series("usual");
        return List.of(
                Finding.that(
                        recording.number("in flight at the end") == 0
                                && recording.number("open") == 0
                                && recording.most("in flight") > 10,
                        "%,.0f clients left at any moment of a request, with up to %.0f in flight. Two seconds later %.0f were in flight and"
                                + " %.0f connections open: every one was counted down exactly once.",
                        recording.number("accepted"),
                        recording.most("in flight"),
                        recording.number("in flight at the end"),
                        recording.number("open")),
                Finding.that(
                        recording.series("patient").getLast().y() == 2 * SILENT,
                        "**Without timeouts** %.0f of %d silent connections were open at the end, and would be tomorrow.",
                        recording.series("patient").getLast().y(),
                        2 * SILENT),
                Finding.that(
                        usual.getLast().y() == 0 && recording.most("usual") > SILENT,
                        "**With timeouts** half a head was answered with 408 after %d s, and the connection closed two seconds later because the"
                                + " client did not do it; an idle one was closed after %d s. %.0f were open at the end.",
                        HEADER_TIMEOUT,
                        IDLE_TIMEOUT,
                        usual.getLast().y()));
    }

    @Override
    public Picture picture(Recording recording) {
        double left = recording.number("last left s");
        return Picture.of(
                "Whatever clients do, counts come back to zero, and silence has an end",
                "Left: requests that are given up at any byte and any moment. Right: connections that say half a head, or ask once and stay.",
                Panel.titled("Clients that leave")
                        .x(
                                "seconds",
                                Math.ceil(recording.series("in flight").stream()
                                        .mapToDouble(Point::x)
                                        .max()
                                        .orElse(1)))
                        .y("requests in flight on servers", recording.most("in flight"))
                        .moment(left, "the last\none left")
                        .line("", Hue.BLUE, recording.series("in flight")),
                Panel.titled("Clients that stay")
                        .x("seconds", WATCHED)
                        .y("open connections", 2.0 * SILENT * 1.1)
                        .line("no\ntimeouts", Hue.ORANGE, recording.series("patient"))
                        .line("timeouts", Hue.BLUE, recording.series("usual")));
    }
}
