import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** What wrk and h2load cannot do; `bench/measure` says what each command is for. Run by `java Wire.java COMMAND ...`. */
final class Wire {
    private static final int MESSAGE = 64;
    private static final byte[] REQUEST = "GET /128 HTTP/1.1\r\nHost: bench\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final int BODY = 128;

    private Wire() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "echo" -> echo(port(arguments[1]));
            case "pingpong" -> pingPong(port(arguments[1]), Integer.parseInt(arguments[2]), seconds(arguments[3]));
            case "idle" -> idle(port(arguments[1]), Integer.parseInt(arguments[2]));
            case "start" -> start(port(arguments[1]), List.of(arguments).subList(2, arguments.length));
            default -> throw new IllegalArgumentException(arguments[0] + " (expected: echo, pingpong, idle, start)");
        }
    }

    private static InetSocketAddress port(String text) {
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(text));
    }

    private static long seconds(String text) {
        return Long.parseLong(text) * 1_000_000_000;
    }

    private static SocketChannel connect(InetSocketAddress to) throws IOException {
        var channel = SocketChannel.open(to);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    /** Sends back what comes, until the process is ended. */
    private static void echo(InetSocketAddress at) throws IOException {
        try (var server = ServerSocketChannel.open().bind(at)) {
            while (true) {
                var client = server.accept();
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                Thread.ofPlatform().daemon().start(() -> echo(client));
            }
        }
    }

    private static void echo(SocketChannel client) {
        var buffer = ByteBuffer.allocateDirect(1024);
        try (client) {
            while (client.read(buffer.clear()) >= 0) {
                write(client, buffer.flip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One message at a time on each connection; prints how many came back. */
    private static void pingPong(InetSocketAddress to, int connections, long nanos) throws Exception {
        var tasks = new ArrayList<Callable<Long>>();
        for (int i = 0; i < connections; i++) {
            var channel = connect(to);
            tasks.add(() -> pingPong(channel, System.nanoTime() + nanos));
        }
        long count = 0;
        try (var threads = Executors.newFixedThreadPool(connections)) {
            for (var task : threads.invokeAll(tasks)) {
                count += task.get();
            }
        }
        System.out.println(count);
    }

    private static long pingPong(SocketChannel channel, long end) throws IOException {
        var buffer = ByteBuffer.allocateDirect(MESSAGE);
        long count = 0;
        try (channel) {
            for (; System.nanoTime() < end; count++) {
                write(channel, buffer.clear());
                readFully(channel, buffer.clear());
            }
        }
        return count;
    }

    /** Opens connections with one request on each, says so, and holds them until its standard input ends. */
    private static void idle(InetSocketAddress to, int connections) throws IOException {
        var open = new ArrayList<SocketChannel>();
        var buffer = ByteBuffer.allocateDirect(4096);
        for (int i = 0; i < connections; i++) {
            var channel = connect(to);
            request(channel, buffer);
            open.add(channel);
        }
        System.out.println("open");
        while (System.in.read() >= 0) {}
        for (var channel : open) {
            channel.close();
        }
    }

    /** Runs a program and asks it until it answers; prints microseconds since exec and its process id, which runs on. */
    private static void start(InetSocketAddress at, List<String> program) throws Exception {
        var builder = new ProcessBuilder(program)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        var buffer = ByteBuffer.allocateDirect(4096);
        long begin = System.nanoTime();
        var process = builder.start();
        while (!answers(at, buffer)) {
            if (!process.isAlive()) {
                throw new IllegalStateException(program + " ended with " + process.exitValue());
            }
            Thread.sleep(1);
        }
        System.out.println((System.nanoTime() - begin) / 1000 + " " + process.pid());
    }

    private static boolean answers(InetSocketAddress at, ByteBuffer buffer) {
        try (var channel = connect(at)) {
            request(channel, buffer);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void request(SocketChannel channel, ByteBuffer buffer) throws IOException {
        write(channel, ByteBuffer.wrap(REQUEST));
        buffer.clear();
        String text;
        do {
            read(channel, buffer);
            text = StandardCharsets.ISO_8859_1.decode(buffer.duplicate().flip()).toString();
            if (text.contains("\r\n\r\n") && !text.startsWith("HTTP/1.1 200 ")) { // such as 404 of one that has no routes yet; its body is shorter
                throw new IOException(text.lines().findFirst().orElse(""));
            }
        } while (!text.contains("\r\n\r\n") || text.length() < text.indexOf("\r\n\r\n") + 4 + BODY);
    }

    private static void readFully(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            read(channel, buffer);
        }
    }

    private static void read(SocketChannel channel, ByteBuffer buffer) throws IOException {
        if (channel.read(buffer) < 0) {
            throw new IOException("closed");
        }
    }

    private static void write(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
