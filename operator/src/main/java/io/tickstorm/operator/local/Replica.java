package io.tickstorm.operator.local;

import io.tickstorm.operator.desired.Component;
import io.tickstorm.proxy.settings.Yaml;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process, and the next one when it ends by itself: what a pod is in a cluster. Control thread only. */
final class Replica implements Rollover.Member {
    /** Between two questions to a process that is not ready yet: short against its start, long against an answer. */
    private static final Duration EAGER = Duration.ofMillis(100);

    /** A ready replica counts after this time: proxies look at the endpoints file once a second at least. */
    private static final Duration MIN_READY = Duration.ofSeconds(1);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    /** Who has run for so long starts afresh with the first back-off. */
    private static final Duration HEALTHY = Duration.ofMinutes(1);

    private final Launch launch;
    private final String name;
    private final LocalSettings settings;
    private final ScheduledExecutorService control;
    private final Runnable changed;

    private Phase phase = Phase.STARTING;
    private boolean current = true;
    private boolean wasReady;
    private Map<String, Integer> ports = Map.of();
    private @Nullable Process process;
    private int incarnation;
    private int failures;
    private long startedNanos;
    private long readyNanos;
    private Duration backoff = Duration.ZERO;

    /** @param changed called after each change of phase */
    Replica(Launch launch, String name, LocalSettings settings, ScheduledExecutorService control, Runnable changed) {
        this.launch = launch;
        this.name = name;
        this.settings = settings;
        this.control = control;
        this.changed = changed;
    }

    void start() {
        incarnation++;
        failures = 0;
        wasReady = false;
        phase = Phase.STARTING;
        startedNanos = System.nanoTime();
        var started = incarnation;
        try {
            ports = FreePorts.take(launch.ports().keySet());
            process = builder().start();
            process.onExit().thenAcceptAsync(ended -> exited(started, ended), control);
            ask(started, Duration.ZERO);
        } catch (IOException e) {
            event("cannot be started: " + e.getMessage());
            restart();
        }
    }

    private ProcessBuilder builder() throws IOException {
        var command = launch.command();
        var builder = new ProcessBuilder(command == null ? Shell.deaf(ours()) : Shell.guarded(command));
        var variables = launch.variables(name, ports, System::getenv);
        builder.environment().putAll(variables);
        var log = settings.folder().resolve(name + ".log").toFile();
        return builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    }

    private ArrayList<String> ours() throws IOException {
        var line = new ArrayList<>(settings.command().apply(launch.component()));
        var configuration = launch.configuration();
        if (configuration == null) {
            line.addAll(launch.arguments());
        } else {
            var file = settings.folder().resolve(name + ".yaml");
            EndpointsFile.replace(file, Yaml.write(LocalConfiguration.of(configuration, ports)));
            line.add("--config");
            line.add(file.toString());
        }
        return line;
    }

    /** Lets it go: no new work at once, SIGTERM after the preStop sleep, SIGKILL when the grace period is over. */
    void retire() {
        if (phase.leaving()) {
            return;
        }
        var running = process;
        if (running == null || !running.isAlive()) {
            phase = Phase.ENDING;
            return;
        }
        phase = Phase.LEAVING;
        event("no new work, SIGTERM in " + launch.preStop().toSeconds() + " s");
        control.schedule(this::terminate, launch.preStop().toMillis(), TimeUnit.MILLISECONDS);
        control.schedule(this::kill, launch.grace().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** SIGTERM. */
    void terminate() {
        var running = process;
        if (running != null && running.isAlive()) {
            phase = Phase.ENDING;
            // Process.destroy would close our end of its standard input as well, and it would take us for dead.
            running.toHandle().destroy();
            changed.run();
        }
    }

    /** SIGKILL. */
    void kill() {
        var running = process;
        if (running != null) {
            running.destroyForcibly();
            closeInput(running);
        }
    }

    private void exited(int which, Process ended) {
        closeInput(ended);
        if (which != incarnation) {
            return;
        }
        process = null;
        if (phase.leaving()) {
            event("ended with exit code " + ended.exitValue());
            changed.run();
            return;
        }
        event("died with exit code " + ended.exitValue() + ", see "
                + settings.folder().resolve(name + ".log"));
        restart();
    }

    private void restart() {
        var ran = Duration.ofNanos(System.nanoTime() - startedNanos);
        if (ran.compareTo(HEALTHY) > 0) {
            backoff = Duration.ZERO;
        }
        phase = Phase.RESTARTING;
        control.schedule(
                () -> {
                    if (phase == Phase.RESTARTING) {
                        start();
                        changed.run();
                    }
                },
                backoff.toMillis(),
                TimeUnit.MILLISECONDS);
        var next = backoff.isZero() ? FIRST_BACKOFF : backoff.multipliedBy(2);
        backoff = next.compareTo(LONGEST_BACKOFF) < 0 ? next : LONGEST_BACKOFF;
        changed.run();
    }

    private void ask(int which, Duration in) {
        control.schedule(
                () -> {
                    if (which != incarnation || process == null || phase.leaving()) {
                        return;
                    }
                    var asked = ports;
                    Thread.ofVirtual().start(() -> {
                        var good = launch.readiness().ask(asked);
                        control.execute(() -> answered(which, good));
                    });
                },
                in.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void answered(int which, boolean good) {
        if (which != incarnation || process == null || phase.leaving()) {
            return;
        }
        failures = good ? 0 : failures + 1;
        if (good && phase != Phase.READY) {
            phase = Phase.READY;
            wasReady = true;
            readyNanos = System.nanoTime();
            event("ready, " + ports);
            changed.run();
            control.schedule(changed, MIN_READY.toMillis() + 1, TimeUnit.MILLISECONDS);
        } else if (phase == Phase.READY && failures >= launch.readiness().failures()) {
            phase = Phase.UNREADY;
            event("not ready any more");
            changed.run();
        }
        ask(which, phase == Phase.READY ? launch.readiness().period() : EAGER);
    }

    /** Whether it was told to go and has gone. */
    boolean gone() {
        return phase.leaving() && process == null;
    }

    void outdated() {
        current = false;
    }

    @Override
    public boolean current() {
        return current;
    }

    /** Whether it is ready, and everybody has heard of it. */
    @Override
    public boolean ready() {
        return phase == Phase.READY && System.nanoTime() - readyNanos >= MIN_READY.toNanos();
    }

    /** Whether the process that runs now has been ready: one that never was has no work to finish. */
    boolean wasReady() {
        return wasReady;
    }

    Phase phase() {
        return phase;
    }

    String name() {
        return name;
    }

    /** Another one for each process. */
    String uid() {
        return name + "." + incarnation;
    }

    Map<String, Integer> ports() {
        return ports;
    }

    InetSocketAddress address(String port) {
        var number = ports.get(port);
        if (number == null) {
            throw new IllegalArgumentException(name + " has no port " + port + " (expected: one of " + ports + ")");
        }
        return new InetSocketAddress(NodePort.LOOPBACK, number);
    }

    ReplicaStatus status() {
        var running = process;
        return new ReplicaStatus(
                name,
                launch.component(),
                phase,
                ready(),
                current,
                running == null ? 0 : running.pid(),
                Map.copyOf(ports),
                incarnation - 1);
    }

    Component component() {
        return launch.component();
    }

    private void event(String what) {
        settings.events().accept(name + " " + what);
    }

    /** What still holds on to our end of the pipe must let go, or a guard would wait for ever. */
    private static void closeInput(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The other end has gone.
        }
    }
}
