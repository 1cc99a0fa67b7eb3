package io.tickstorm.labs.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Everything that a lab starts; what is started here ends with it, however the lab ends. One thread. */
public final class Stage implements AutoCloseable {
    static final String LOOPBACK = "127.0.0.1";

    private static final int LOWEST_PORT = 20_000;
    private static final int HIGHEST_PORT = 32_000;

    private final Random random = new Random();
    private final Set<Integer> given = new HashSet<>();
    private final Path folder;
    private final Consumer<String> teller;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final long beganNanos = System.nanoTime();

    /**
     * @param folder for logs and configurations
     * @param teller gets a line for each thing that happens
     */
    public Stage(Path folder, Consumer<String> teller) {
        this.folder = folder;
        this.teller = teller;
    }

    /** A line for whoever watches. */
    public void say(String words) {
        var seconds = Duration.ofNanos(System.nanoTime() - beganNanos).toMillis() / 1e3;
        teller.accept(String.format(java.util.Locale.ROOT, "%5.1f s  %s", seconds, words));
    }

    /** Lets time pass. */
    public void pass(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    /** Ports on loopback that nobody has, below those that the kernel gives to outgoing connections meanwhile. */
    public int[] ports(int count) {
        return random.ints(LOWEST_PORT, HIGHEST_PORT)
                .filter(port -> given.add(port) && free(port))
                .limit(count)
                .toArray();
    }

    private static boolean free(int port) {
        try (var _ = new ServerSocket(port, 1, InetAddress.ofLiteral(LOOPBACK))) {
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** A server of a few workers, in this process. */
    public Server server(String name, int workers, Duration work) throws IOException {
        var server = new Server(name, workers, work);
        started.push(server);
        return server;
    }

    /** Starts {@code tickstorm proxy}; {@link Proxy#awaitReady} waits for it. */
    public Proxy proxy(String name, String configuration) throws IOException {
        var ports = ports(3);
        var proxy = new Proxy(name, folder, configuration, ports);
        started.push(proxy);
        return proxy;
    }

    /** Starts {@code tickstorm backend}; {@link Backend#awaitReady} waits for it. */
    public Backend backend(String name, String... flags) throws IOException {
        var backend = new Backend(name, folder, ports(4), Arrays.asList(flags));
        started.push(backend);
        return backend;
    }

    /** A list of endpoints that proxies watch: {@code discovery: {file: {path: ...}}}. */
    public EndpointList endpoints(String name) {
        return new EndpointList(folder.resolve(name + "-endpoints.yaml"));
    }

    /** Calls {@code look} again and again, on a thread of its own, until it is closed. */
    public Watch watch(Duration every, Watch.Look look) {
        var watch = new Watch(every, look);
        started.push(watch);
        return watch;
    }

    /** Ends with the stage. */
    public <T extends AutoCloseable> T with(T thing) {
        started.push(thing);
        return thing;
    }

    /** Ends everything at once. */
    @Override
    public void close() {
        @Nullable Exception failed = null;
        for (var thing : List.copyOf(started)) {
            try {
                thing.close();
            } catch (Exception e) {
                failed = e;
            }
        }
        started.clear();
        if (failed != null) {
            throw new UncheckedIOException(new IOException("something did not end", failed));
        }
    }
}
