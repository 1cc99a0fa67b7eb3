package io.tickstorm.proxy.tcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Many sockets in a process of its own, so that their descriptors are not those of the proxy: clients that connect, and servers
 * that accept and hold. It does what it is told line by line, and answers each with one.
 */
public final class Herd implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;

    private Herd(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    public static Herd start() throws IOException {
        return new Herd(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Herd.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** A server that sends back what it gets; its port. */
    public int serve() throws IOException {
        return Integer.parseInt(ask("serve"));
    }

    /** Opens so many connections more to a port, sends a text on each, and reads as many bytes of the answer. */
    public void connect(int port, int count, String text, int answer) throws IOException {
        var done = ask("connect " + port + " " + count + " " + answer + " " + text.replace("\r\n", "~"));
        if (!done.equals("done")) {
            throw new IOException(done);
        }
    }

    private String ask(String what) throws IOException {
        process.outputWriter(StandardCharsets.US_ASCII)
                .append(what)
                .append('\n')
                .flush();
        var answer = answers.readLine();
        if (answer == null) {
            throw new IOException(what + ": the process has ended");
        }
        return answer;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Ends with the process that began it. */
    public static void main(String[] args) throws IOException {
        var held = new ArrayList<AutoCloseable>();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(
                    switch (line.split(" ")[0]) {
                        case "serve" -> serve(held);
                        default -> connect(line.split(" ", 5), held);
                    });
        }
    }

    private static String serve(List<AutoCloseable> held) throws IOException {
        var server = new ServerSocket(0, 4_096, InetAddress.getByName("127.0.0.1"));
        held.add(server);
        Thread.ofVirtual().start(() -> {
            while (true) {
                try {
                    var socket = server.accept();
                    Thread.ofVirtual().start(() -> echo(socket));
                } catch (IOException e) {
                    return;
                }
            }
        });
        return Integer.toString(server.getLocalPort());
    }

    private static void echo(Socket socket) {
        try (socket) {
            var bytes = new byte[64];
            for (int length = socket.getInputStream().read(bytes);
                    length > 0;
                    length = socket.getInputStream().read(bytes)) {
                socket.getOutputStream().write(bytes, 0, length);
            }
        } catch (IOException end) {
            // what should have been seen is asserted at the client
        }
    }

    private static String connect(String[] words, List<AutoCloseable> held) {
        int port = Integer.parseInt(words[1]);
        int answer = Integer.parseInt(words[3]);
        var text = words[4].replace("~", "\r\n").getBytes(StandardCharsets.US_ASCII);
        for (int number = 0; number < Integer.parseInt(words[2]); number++) {
            try {
                var socket = new Socket();
                held.add(socket);
                socket.setSoTimeout(20_000);
                socket.connect(new InetSocketAddress("127.0.0.1", port), 20_000);
                socket.getOutputStream().write(text);
                int length = socket.getInputStream().readNBytes(answer).length;
                if (length < answer) {
                    return "connection " + number + ": " + length + " bytes";
                }
            } catch (IOException e) {
                return "connection " + number + ": " + e.getMessage();
            }
        }
        return "done";
    }
}
