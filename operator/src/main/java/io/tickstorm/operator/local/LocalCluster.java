package io.tickstorm.operator.local;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.desired.Defaults;
import io.tickstorm.operator.desired.Desired;
import io.tickstorm.operator.desired.Listeners;
import io.tickstorm.operator.desired.Situation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TickStormCluster} that runs on this machine. Any thread.
 *
 * <p>Whatever happens (another resource, a process that dies, an answer to a probe), the control thread looks at everything
 * anew: steps of rolling updates, then the endpoints file, the node ports' targets and the status.
 */
public final class LocalCluster implements AutoCloseable {
    /** Images are not pulled here; the names only have to be the same from one look to the next. */
    private static final Defaults NO_IMAGES = new Defaults("tickstorm/proxy", "tickstorm/backend", null);

    private final LocalSettings settings;
    private final EndpointsFile endpoints;
    private final StateFile stateFile;
    /** What comes in after the end is of no interest any more. */
    private final ScheduledExecutorService control = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("local-cluster").factory(), new ThreadPoolExecutor.DiscardPolicy());

    private final Map<Component, Workload> workloads = new EnumMap<>(Component.class);
    private final Map<Component, Integer> restarts = new EnumMap<>(Component.class);
    private final Map<String, NodePort> nodePorts = new TreeMap<>();
    private @Nullable TickStormCluster cluster;
    private boolean ending;

    private final Object statusChanged = new Object();
    private volatile LocalStatus status = new LocalStatus("", Map.of(), Map.of(), List.of());

    private LocalCluster(LocalSettings settings) {
        this.settings = settings;
        this.endpoints = new EndpointsFile(settings.folder().resolve("endpoints.yaml"));
        this.stateFile = new StateFile(settings.folder());
    }

    /**
     * Starts everything and returns; {@link #await} tells when it is ready.
     *
     * @param cluster without problems, as the reader accepted it
     * @throws IOException with a message for the user if a node port is taken; nothing runs then
     * @throws IllegalArgumentException if the resource cannot be carried out on a machine without containers
     */
    public static LocalCluster start(TickStormCluster cluster, LocalSettings settings) throws IOException {
        var local = new LocalCluster(settings);
        try {
            local.apply(cluster);
            return local;
        } catch (IOException | RuntimeException e) {
            local.close();
            throw e;
        }
    }

    /**
     * Goes from what runs to what {@code changed} says, losing nothing on the way.
     *
     * @throws IOException if a new node port is taken; all else is as it was then
     * @throws IllegalArgumentException as {@link #start}
     */
    public void apply(TickStormCluster changed) throws IOException {
        onControl(() -> want(changed));
    }

    /** Replaces every replica of a component, as {@code kubectl rollout restart} does. */
    public void restart(Component component) throws IOException {
        onControl(() -> {
            restarts.merge(component, 1, Integer::sum);
            want(Objects.requireNonNull(cluster));
        });
    }

    /** What runs now. */
    public LocalStatus status() {
        return status;
    }

    /** @return whether {@code condition} came true within {@code limit} */
    public boolean await(Predicate<LocalStatus> condition, Duration limit) throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        synchronized (statusChanged) {
            while (!condition.test(status)) {
                var left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(statusChanged, left);
            }
            return true;
        }
    }

    /**
     * Ends in order: the node ports take no new connections, the proxies finish what runs and end, then the backends.
     * Returns when nothing is left.
     */
    public void drain() throws IOException, InterruptedException {
        onControl(() -> {
            ending = true;
            nodePorts.values().forEach(NodePort::stopAccepting);
        });
        for (var component : List.of(Component.PROXY, Component.BACKEND)) {
            var grace = new AtomicReference<>(Duration.ZERO);
            onControl(() -> grace.set(end(component)));
            await(now -> now.of(component).isEmpty(), grace.get().plusSeconds(1));
        }
        close();
    }

    /** Ends at once. Returns when nothing is left. */
    @Override
    public void close() {
        if (control.isShutdown()) {
            return;
        }
        control.execute(() -> {
            ending = true;
            nodePorts.values().forEach(NodePort::close);
            for (var workload : workloads.values()) {
                workload.replicas().forEach(Replica::retire);
                workload.replicas().forEach(Replica::kill);
            }
            look();
        });
        try {
            // SIGKILL needs no cooperation: this is the time that the kernel takes on a busy machine.
            await(now -> now.replicas().isEmpty(), Duration.ofSeconds(10));
            control.shutdownNow();
            control.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            control.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Tells every replica to end now; returns the time that it takes at most. */
    private Duration end(Component component) {
        var workload = workloads.get(component);
        if (workload == null) {
            return Duration.ZERO;
        }
        workload.replicas().forEach(Replica::retire);
        workload.replicas().forEach(Replica::terminate);
        look();
        return workload.wanted().grace();
    }

    private void want(TickStormCluster changed) throws IOException {
        var objects = Desired.of(changed, Situation.of(NO_IMAGES));
        var launches = new EnumMap<Component, Launch>(Component.class);
        for (var component : List.of(Component.BACKEND, Component.PROXY)) {
            launches.put(component, launch(component, objects, changed));
        }
        openNodePorts(one(objects, Service.class, Component.PROXY.nameIn(changed)));
        cluster = changed;
        launches.forEach((component, launch) -> workloads
                .computeIfAbsent(
                        component, first -> new Workload(launch, settings, control, () -> control.execute(this::look)))
                .want(launch));
        look();
    }

    private Launch launch(Component component, List<HasMetadata> objects, TickStormCluster changed) {
        var deployment = one(objects, Deployment.class, component.nameIn(changed));
        var command = LocalCommand.of(component, changed);
        var restarted = restarts.getOrDefault(component, 0);
        if (component == Component.BACKEND) {
            return Launch.of(component, deployment, Map.of(), command, null, restarted);
        }
        var listening = new LinkedHashMap<String, Integer>();
        Listeners.of(changed.getSpec()).forEach(listener -> listening.put(listener.name(), listener.port()));
        var configuration = LocalConfiguration.of(changed, endpoints.path());
        return Launch.of(component, deployment, listening, command, configuration, restarted);
    }

    /** Opens what is new before it closes what is old, so that a taken port changes nothing. */
    private void openNodePorts(Service service) throws IOException {
        var opened = new HashMap<String, NodePort>();
        var kept = new HashMap<String, NodePort>();
        try {
            for (ServicePort port : service.getSpec().getPorts()) {
                var number = port.getNodePort() == null ? 0 : port.getNodePort() + settings.portOffset();
                var there = nodePorts.get(port.getName());
                if (there != null && (number == 0 || there.port() == number)) {
                    kept.put(port.getName(), there);
                } else {
                    opened.put(port.getName(), NodePort.open(number));
                }
            }
        } catch (IOException e) {
            opened.values().forEach(NodePort::close);
            throw e;
        }
        nodePorts.forEach((name, port) -> {
            if (kept.get(name) != port) {
                port.stopAccepting();
            }
        });
        nodePorts.clear();
        nodePorts.putAll(kept);
        nodePorts.putAll(opened);
    }

    /** Does what can be done, and tells everybody who has to know. */
    private void look() {
        if (!ending) {
            workloads.values().forEach(Workload::reconcile);
        } else {
            workloads.values().forEach(workload -> workload.replicas().removeIf(Replica::gone));
        }
        try {
            endpoints.write(replicas(Component.BACKEND));
            nodePorts.forEach((listener, port) -> port.targets(
                    serving().stream().map(proxy -> proxy.address(listener)).toList()));
            publish();
        } catch (IOException e) {
            settings.events().accept("cannot write to " + settings.folder() + ": " + e.getMessage());
        }
    }

    /** The proxies that take new connections: the ready ones, and only if there is none those that are about to end. */
    private List<Replica> serving() {
        var proxies = replicas(Component.PROXY);
        var ready =
                proxies.stream().filter(proxy -> proxy.phase() == Phase.READY).toList();
        return ready.isEmpty()
                ? proxies.stream()
                        .filter(proxy -> proxy.phase().leaving() && proxy.wasReady())
                        .toList()
                : ready;
    }

    private void publish() throws IOException {
        var wanted = new EnumMap<Component, Integer>(Component.class);
        workloads.forEach(
                (component, workload) -> wanted.put(component, workload.wanted().replicas()));
        var ports = new TreeMap<String, Integer>();
        nodePorts.forEach((name, port) -> ports.put(name, port.port()));
        var now = new LocalStatus(
                cluster == null ? "" : cluster.getMetadata().getName(),
                wanted,
                ports,
                workloads.values().stream()
                        .flatMap(workload -> workload.replicas().stream())
                        .map(Replica::status)
                        .toList());
        // Before anybody hears of it: whoever waits for the end may then delete the folder.
        stateFile.write(now);
        synchronized (statusChanged) {
            status = now;
            statusChanged.notifyAll();
        }
    }

    private List<Replica> replicas(Component component) {
        var workload = workloads.get(component);
        return workload == null ? List.of() : workload.replicas();
    }

    private static <T extends HasMetadata> T one(List<HasMetadata> objects, Class<T> type, String name) {
        return objects.stream()
                .filter(object -> type.isInstance(object)
                        && object.getMetadata().getName().equals(name))
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no " + type.getSimpleName() + " " + name + " is desired (expected: one)"));
    }

    private interface Action {
        void run() throws IOException;
    }

    private void onControl(Action action) throws IOException {
        var done = CompletableFuture.runAsync(
                () -> {
                    try {
                        action.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                control);
        try {
            done.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case UncheckedIOException failed -> throw failed.getCause();
                case RuntimeException problem -> throw problem;
                case null, default -> throw e;
            }
        }
    }
}
