package io.tickstorm.labs.stage;

import io.tickstorm.cli.OwnProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of this program, which ends with it. */
abstract sealed class Child implements AutoCloseable permits Proxy, Backend {
    /** A JVM on a machine that has much else to do. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final int MILLIS = 2_000;

    private final String name;
    private final Path log;
    private final int healthPort;
    private final Process process;

    Child(
            String name,
            Path folder,
            int healthPort,
            String command,
            List<String> arguments,
            Map<String, String> environment)
            throws IOException {
        this.name = name;
        this.log = folder.resolve(name + ".log");
        this.healthPort = healthPort;
        var line = new ArrayList<>(OwnProcess.of(command));
        line.addAll(arguments);
        var builder = new ProcessBuilder(line);
        builder.environment().putAll(environment);
        process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
    }

    public String name() {
        return name;
    }

    /** Waits until it is ready. */
    public final void awaitReady() throws InterruptedException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers("/ready")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        name + " is not ready after " + PATIENCE.toSeconds() + " s, see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Asks it to end (SIGTERM). */
    public final void terminate() {
        process.toHandle().destroy();
    }

    /** kill -9. */
    public final void kill() {
        process.destroyForcibly();
    }

    /** It hangs: its sockets stay, and nobody answers (SIGSTOP). */
    public final void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** It goes on (SIGCONT). */
    public final void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** @return whether it has ended within {@code limit} */
    public final boolean awaitEnd(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Bytes of this machine's memory that it has (RSS); Linux only. */
    public final long memory() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Time of processors that it has used so far. */
    public final Duration processor() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Of a process that has ended. */
    public final int exitCode() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String what) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + what, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    private boolean answers(String path) {
        try {
            return get(healthPort, path) != null;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** What a port of it says; fails with an {@link UncheckedIOException} if that is not 200. */
    static String get(int port, String path) {
        try {
            var connection = (HttpURLConnection) URI.create("http://" + Stage.LOOPBACK + ":" + port + path)
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(MILLIS);
            connection.setReadTimeout(MILLIS);
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException(path + ": status " + connection.getResponseCode());
            }
            try (var in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
