package io.tickstorm.labs.lab;

import io.tickstorm.labs.Finding;
import io.tickstorm.labs.Lab;
import io.tickstorm.labs.Recording;
import io.tickstorm.labs.picture.Hue;
import io.tickstorm.labs.picture.Panel;
import io.tickstorm.labs.picture.Picture;
import io.tickstorm.labs.stage.Callers;
import io.tickstorm.labs.stage.Proxy;
import io.tickstorm.labs.stage.Sink;
import io.tickstorm.labs.stage.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file of 512 MiB passes through a proxy to a client that stops reading for a while. And connections that stay: where do they go
 * when a server leaves, and what brings them back?
 */
public final class LongLived implements Lab {
    private static final int MIB = 1 << 20;
    private static final long FILE = 512L * MIB;
    private static final int PAUSE = 2;
    private static final int RESUME = 5;
    private static final int WATCHED = 9;

    private static final int CONNECTIONS = 240;
    private static final int SERVERS = 3;
    private static final int LEAVES = 2;
    private static final int RETURNS = 4;
    private static final int END = 12;

    private static final String FILES = """
            listeners:
              - {name: http, address: 127.0.0.1, port: %d, backend: files}
            backends:
              - {name: files, discovery: {static: ["127.0.0.1:%d"]}}
            """;

    private static final String SESSIONS = """
            listeners:
              - {name: tcp, protocol: TCP, address: 127.0.0.1, port: %d, backend: sessions, idleTimeout: 0s}
            backends:
              - {name: sessions, discovery: {file: {path: %s, port: http}}, balancing: {slowStart: {window: 0s}}}
            """;

    @Override
    public String name() {
        return "long-lived";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        file(stage, recording);
        sessions(stage, recording, "stay", Duration.ZERO);
        sessions(stage, recording, "renewed", Duration.ofSeconds(8));
    }

    private static void file(Stage stage, Recording recording) throws Exception {
        var backend = stage.backend("files");
        int port = stage.ports(1)[0];
        var proxy = stage.proxy("files-proxy", FILES.formatted(port, backend.port()));
        backend.awaitReady();
        proxy.awaitReady();
        recording.number("before MiB", proxy.memory() / (double) MIB);
        stage.say("512 MiB, and a client that does not read from second " + PAUSE + " to " + RESUME);
        var passed = new AtomicLong();
        var reader = Thread.startVirtualThread(() -> read(port, passed));
        var watch = stage.watch(Duration.ofMillis(250), seconds -> {
            recording.point("passed MiB", seconds, passed.get() / (double) MIB);
            recording.point("memory MiB", seconds, proxy.memory() / (double) MIB);
        });
        stage.pass(Duration.ofSeconds(WATCHED));
        watch.close();
        reader.interrupt();
        recording.number("passed in all MiB", passed.get() / (double) MIB);
    }

    /** Reads at most 128 MiB a second, and nothing at all during the pause. */
    private static void read(int port, AtomicLong passed) {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("GET /bytes?n=" + FILE + " HTTP/1.1\r\nHost: lab\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] part = new byte[MIB];
            long began = System.nanoTime();
            boolean paused = false;
            for (int got = in.read(part); got >= 0; got = in.read(part)) {
                long all = passed.addAndGet(got);
                double seconds = (System.nanoTime() - began) / 1e9;
                if (!paused && seconds > PAUSE) {
                    paused = true;
                    Thread.sleep(Duration.ofSeconds(RESUME - PAUSE));
                    began += Duration.ofSeconds(RESUME - PAUSE).toNanos();
                } else if (all / 128.0 / MIB > seconds) {
                    Thread.sleep(10);
                }
            }
        } catch (IOException | InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sessions(Stage stage, Recording recording, String way, Duration lifetime) throws Exception {
        var list = stage.endpoints(way);
        var servers = new ArrayList<Sink>();
        for (int i = 0; i < SERVERS; i++) {
            servers.add(stage.with(new Sink("node-" + i, 0)));
            list.ready(servers.getLast());
        }
        int port = stage.ports(1)[0];
        Proxy proxy = stage.proxy(way, SESSIONS.formatted(port, list.path()));
        proxy.awaitReady();
        stage.say(CONNECTIONS + " connections: " + way);
        try (var _ = new Callers(port, CONNECTIONS, lifetime)) {
            var watch = stage.watch(
                    Duration.ofMillis(250),
                    seconds -> recording.point(way, seconds, servers.getFirst().open()));
            stage.pass(Duration.ofSeconds(LEAVES));
            stage.say(way + ": a server leaves");
            var left = servers.getFirst();
            list.gone(left);
            stage.pass(Duration.ofMillis(500));
            left.close();
            stage.pass(Duration.ofSeconds(RETURNS - LEAVES).minusMillis(500));
            stage.say(way + ": it is back");
            servers.set(0, stage.with(new Sink("node-0", left.port())));
            list.ready(servers.getFirst());
            stage.pass(Duration.ofSeconds(END - RETURNS));
            watch.close();
        }
    }

    @Override
    public List<Finding> findings(Recording recording) {
        double grown = recording.most("memory MiB") - recording.number("before MiB");
        double fair = (double) CONNECTIONS / SERVERS;
        double stay = recording.series("stay").getLast().y();
        double renewed = recording.series("renewed").getLast().y();
        return List.of(
                Finding.that(
                        recording.number("passed in all MiB") >= FILE / MIB && grown < FILE / MIB / 4.0,
                        "**%.0f MiB passed**, and the proxy's memory grew by %.0f MiB at most. While the client did not read, the proxy did not"
                                + " either, and so the server waited.",
                        recording.number("passed in all MiB"),
                        grown),
                Finding.that(
                        stay < fair / 4,
                        "**Connections that stay**: %d s after the server was back it had %.0f of %d; its share would be %.0f.",
                        END - RETURNS,
                        stay,
                        CONNECTIONS,
                        fair),
                Finding.that(
                        renewed > fair / 2, "**Connections that are renewed** every 4 to 8 s: it had %.0f.", renewed));
    }

    @Override
    public Picture picture(Recording recording) {
        return Picture.of(
                "Bytes flow at the reader's pace and need no memory; connections stay where they are until they end",
                "Left: a file of 512 MiB, and a client that stops reading for three seconds. Right: " + CONNECTIONS
                        + " TCP connections over three servers, one of which leaves and comes back.",
                Panel.titled("A file passes")
                        .x("seconds", WATCHED)
                        .y("MiB", FILE / (double) MIB)
                        .band(PAUSE, RESUME, "does not\nread")
                        .line("passed", Hue.BLUE, recording.series("passed MiB"))
                        .line("memory of\nthe proxy", Hue.ORANGE, recording.series("memory MiB")),
                Panel.titled("A server comes back")
                        .x("seconds", END)
                        .y("its connections", 1.2 * CONNECTIONS / SERVERS)
                        .band(LEAVES, RETURNS, "away")
                        .rule((double) CONNECTIONS / SERVERS, "")
                        .line("renewed", Hue.BLUE, recording.series("renewed"))
                        .line("stay", Hue.ORANGE, recording.series("stay")));
    }
}
