package io.tickstorm.cli.importing.beside;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A client of one proxy, on a connection of its own, that keeps cookies. */
final class Guest implements AutoCloseable {
    private static final int PATIENCE = 15_000;

    private final Socket socket;
    private final BufferedReader in;
    private String cookies = "";

    /** An answer: whether it came, and from whom. */
    record Answer(int status, String node, Map<String, String> headers, String body) {}

    Guest(int port) throws IOException {
        this(port, "127.0.0.1");
    }

    /** @param from the address that it comes from, one of loopback */
    Guest(int port, String from) throws IOException {
        socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.setSoTimeout(PATIENCE);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    }

    /** What was given to another one of the same person. */
    Guest with(Guest former) {
        cookies = former.cookies;
        return this;
    }

    /** A line of plain TCP, without its end. */
    String line() throws IOException {
        return String.valueOf(in.readLine());
    }

    void say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    Answer get(String path) throws IOException {
        return ask("GET", path, "");
    }

    /** Becomes a WebSocket; afterwards it is plain TCP. */
    Answer upgrade(String path) throws IOException {
        return ask(
                "GET",
                path,
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    }

    private Answer ask(String method, String path, String more) throws IOException {
        say(method + " " + path + " HTTP/1.1\r\nHost: shop.example.org\r\n" + more
                + (cookies.isEmpty() ? "" : "Cookie: " + cookies + "\r\n") + "\r\n");
        var status = line();
        var headers = new LinkedHashMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if (headers.containsKey("set-cookie")) {
            cookies = headers.get("set-cookie").replaceAll(";.*", "");
        }
        int code = Integer.parseInt(status.split(" ")[1]);
        var body = code == 101
                ? ""
                : headers.containsKey("content-length")
                        ? read(Integer.parseInt(headers.get("content-length")))
                        : chunks();
        return new Answer(code, headers.getOrDefault("x-node", ""), headers, body);
    }

    private String chunks() throws IOException {
        var body = new StringBuilder();
        for (int length = Integer.parseInt(line(), 16); length > 0; length = Integer.parseInt(line(), 16)) {
            body.append(read(length));
            line();
        }
        line();
        return body.toString();
    }

    private String read(int length) throws IOException {
        var body = new char[length];
        for (int at = 0; at < length; ) {
            int read = in.read(body, at, length - at);
            if (read < 0) {
                throw new IOException("ended after " + at + " of " + length);
            }
            at += read;
        }
        return new String(body);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** How many came from each, the most first: {@code [34, 33, 33]}. */
    static List<Long> shares(List<String> nodes) {
        return new ArrayList<>(nodes.stream()
                        .collect(Collectors.groupingBy(node -> node, Collectors.counting()))
                        .values())
                .stream().sorted(Comparator.reverseOrder()).toList();
    }
}
