package io.tickstorm.labs.lab;

import io.tickstorm.labs.Finding;
import io.tickstorm.labs.Lab;
import io.tickstorm.labs.Recording;
import io.tickstorm.labs.picture.Hue;
import io.tickstorm.labs.picture.Panel;
import io.tickstorm.labs.picture.Picture;
import io.tickstorm.labs.stage.Server;
import io.tickstorm.labs.stage.Stage;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Messages that can be read in two ways, each with a second request hidden in it. Sent to two servers of today, to see how many
 * requests each of them reads; then to the proxy in front of one of them, to see how many get through.
 */
public final class Smuggling implements Lab {
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: lab\r\n\r\n";
    private static final String LAST_CHUNK = "0\r\n\r\n";
    /** A server that waits for the rest of a body says nothing. */
    private static final int SILENCE_MILLIS = 1_000;

    /** A request was read, whatever came of it. */
    private static final Pattern READ = Pattern.compile("HTTP/1\\.1 (200|404)");

    /**
     * @param words what is odd about it
     * @param bytes as they go over the wire
     */
    private record Message(String words, String bytes) {}

    private static final List<Message> MESSAGES = List.of(
            new Message("two lengths", post("Content-Length: 0\r\nContent-Length: " + HIDDEN.length(), HIDDEN)),
            new Message("length +36", post("Content-Length: +" + HIDDEN.length(), HIDDEN)),
            new Message("length\nand chunks", post(length() + "\r\nTransfer-Encoding: chunked", LAST_CHUNK + HIDDEN)),
            new Message(
                    "blank before\nthe colon", post(length() + "\r\nTransfer-Encoding : chunked", LAST_CHUNK + HIDDEN)),
            new Message(
                    "folded line", post("Content-Length: 0\r\nX: y\r\n Content-Length: " + HIDDEN.length(), HIDDEN)),
            new Message("bare LF", post("X: y\nContent-Length: " + HIDDEN.length(), HIDDEN)),
            new Message("bare CR", post("X: y\rContent-Length: " + HIDDEN.length(), HIDDEN)),
            new Message("chunk of 0x1", post("Transfer-Encoding: chunked", "0x1\r\nA\r\n" + LAST_CHUNK + HIDDEN)),
            new Message(
                    "LF in a\nchunk's line",
                    post(
                            "Transfer-Encoding: chunked",
                            "2;\nxx\r\n" + Integer.toHexString(HIDDEN.length() + LAST_CHUNK.length()) + "\r\n"
                                    + LAST_CHUNK + HIDDEN + "\r\n" + LAST_CHUNK)));

    private static final String PLAIN = "GET / HTTP/1.1\r\nHost: lab\r\nContent-Length: 4\r\n\r\nwork";

    private static final String CONFIGURATION = """
            listeners:
              - {name: http, address: 127.0.0.1, port: %d, backend: web}
            backends:
              - {name: web, discovery: {static: ["%s"]}}
            """;

    private static String post(String fields, String body) {
        return "POST / HTTP/1.1\r\nHost: lab\r\n" + fields + "\r\n\r\n" + body;
    }

    private static String length() {
        return "Content-Length: " + (LAST_CHUNK.length() + HIDDEN.length());
    }

    @Override
    public String name() {
        return "smuggling";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        var one = stage.server("one", 10, Duration.ZERO);
        var other = stage.backend("other");
        var behind = stage.server("behind", 10, Duration.ZERO);
        int port = stage.ports(1)[0];
        stage.proxy("proxy", CONFIGURATION.formatted(port, behind.address())).awaitReady();
        other.awaitReady();
        ask(other.port(), PLAIN);
        ask(port, PLAIN);
        recording.number("plain passed", behind.arrived());
        for (int i = 0; i < MESSAGES.size(); i++) {
            var bytes = MESSAGES.get(i).bytes();
            recording.point("one", i, read(one, one.port(), bytes));
            recording.point(
                    "other", i, READ.matcher(ask(other.port(), bytes)).results().count());
            recording.point("behind", i, read(behind, port, bytes));
            stage.say(MESSAGES.get(i).words().replace('\n', ' '));
        }
    }

    private static long read(Server server, int port, String bytes) throws IOException {
        long before = server.arrived();
        ask(port, bytes);
        return server.arrived() - before;
    }

    /** Everything that comes back until the connection is closed, or silent. */
    private static String ask(int port, String bytes) throws IOException {
        var answer = new StringBuilder();
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(SILENCE_MILLIS);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            byte[] part = new byte[8192];
            for (int got = socket.getInputStream().read(part);
                    got >= 0;
                    got = socket.getInputStream().read(part)) {
                answer.append(new String(part, 0, got, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketTimeoutException | SocketException e) {
            // Silent, or reset: what came counts.
        }
        return answer.toString();
    }

    @Override
    public List<Finding> findings(Recording recording) {
        var one = recording.series("one");
        var other = recording.series("other");
        long differ = IntStream.range(0, MESSAGES.size())
                .filter(i -> one.get(i).y() != other.get(i).y())
                .count();
        long passed = recording.series("behind").stream()
                .filter(point -> point.y() > 0)
                .count();
        return List.of(
                Finding.that(
                        differ >= 2,
                        "Of %d messages, **two servers of today** (the one in the JDK, and one on Netty) **read %d differently**: one of them reads"
                                + " a request, or two, where the other reads none or one.",
                        MESSAGES.size(),
                        differ),
                Finding.that(
                        passed == 0,
                        "**The proxy passed on %d of them.** It answered and closed the connection.",
                        passed),
                Finding.that(
                        recording.number("plain passed") == 1,
                        "A GET with a body, which is odd and has only one reading, passed."));
    }

    @Override
    public Picture picture(Recording recording) {
        var panel = Panel.titled("")
                .x("", MESSAGES.stream().map(Message::words).toList())
                .y("requests that were read", 4);
        bars(panel, recording, "one", -0.27, Hue.ORANGE);
        bars(panel, recording, "other", 0, Hue.PURPLE);
        bars(panel, recording, "behind", 0.27, Hue.BLUE);
        return Picture.of(
                        "Servers disagree on where a request ends; the proxy lets nothing through that can be read in two ways",
                        "Messages with a second request hidden in them, sent to two servers and to a proxy in front of the first.",
                        panel.note(-0.4, 3.6, Hue.ORANGE, "the JDK's server")
                                .note(1.3, 3.6, Hue.PURPLE, "a server on Netty")
                                .note(3.1, 3.6, Hue.BLUE, "the JDK's server behind the proxy"))
                .panelHeight(270);
    }

    private static void bars(Panel panel, Recording recording, String series, double shift, Hue hue) {
        for (var point : recording.series(series)) {
            panel.bar(point.x() + shift, 0.22, hue, point.y(), "%.0f".formatted(point.y()));
        }
    }
}
