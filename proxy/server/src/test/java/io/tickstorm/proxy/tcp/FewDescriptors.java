package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.settings.Yaml;
import io.tickstorm.proxy.time.ManualTime;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.transport.EpollLoops;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Two TCP listeners in a process of its own, which may have few descriptors: sessions of the one go to a server, those of the other wait
 * for one that never comes.
 */
final class FewDescriptors implements AutoCloseable {
    private final Process process;
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final int serving;
    private final int waiting;

    private FewDescriptors(Process process) throws IOException {
        this.process = process;
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var line = out.readLine();
        while (line != null && !line.startsWith("ports ")) {
            log.add(line);
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("the process has ended: " + log);
        }
        serving = Integer.parseInt(line.split(" ")[1]);
        waiting = Integer.parseInt(line.split(" ")[2]);
        Thread.ofVirtual().start(() -> out.lines().forEach(log::add));
    }

    /** @param server the port of a server on this machine */
    static FewDescriptors start(int descriptors, int server) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new FewDescriptors(new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -n " + descriptors + " && exec \"$@\"",
                        "sh",
                        java.toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FewDescriptors.class.getName(),
                        Integer.toString(server))
                .redirectErrorStream(true)
                .start());
    }

    /** Ends with the process that began it. */
    public static void main(String[] args) throws IOException {
        var time = new ManualTime();
        var loops = new MultiThreadIoEventLoopGroup(2, EpollLoops.factory());
        var patient = BackendSettings.read(Yaml.read("limits: {queue: {size: 10000, timeout: 1h}}", "test"));
        var full = backend(BackendSettings.DEFAULT, time);
        full.update(new EndpointSet(List.of(Relay.endpoint(Integer.parseInt(args[0])))));
        var serving = listen(loops, full);
        var waiting = listen(loops, backend(patient, time));
        // Classes are files here: those that end a session must be there before no file can be opened.
        try (var early = new Socket("127.0.0.1", waiting.number())) {
            await("it waits", () -> waiting.connections() == 1);
            early.setSoLinger(true, 0);
        }
        await("it has left", () -> waiting.connections() == 0);
        System.out.println("ports " + serving.number() + " " + waiting.number());
        while (System.in.read() >= 0) {}
    }

    private static Backend backend(BackendSettings settings, ManualTime time) {
        return new Backend("feed", settings, null, time, time, new Random(7), (endpoint, check, result) -> {});
    }

    private static TcpListener listen(MultiThreadIoEventLoopGroup loops, Backend backend) {
        return TcpListener.bind(
                        loops,
                        new ListenerSettings("tcp", "127.0.0.1", 0, "feed", Relay.LIMITS),
                        Routes.to(Split.to(backend)),
                        Ticker.system(),
                        new Random(7),
                        AccessLog.NONE)
                .toCompletableFuture()
                .join();
    }

    /** Where sessions are served. */
    int serving() {
        return serving;
    }

    /** Where sessions wait for ever. */
    int waiting() {
        return waiting;
    }

    /** What it has logged. */
    List<String> log() {
        return List.copyOf(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
