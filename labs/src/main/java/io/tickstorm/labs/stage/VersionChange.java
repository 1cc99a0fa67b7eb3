package io.tickstorm.labs.stage;

import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.operator.desired.Defaults;
import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.desired.Track;
import io.tickstorm.operator.desired.Version;
import io.tickstorm.operator.rollout.Course;
import io.tickstorm.operator.rollout.Decision.Happening;
import io.tickstorm.operator.rollout.Facts;
import io.tickstorm.operator.rollout.Memory;
import io.tickstorm.operator.rollout.Plan;
import io.tickstorm.operator.telemetry.FleetReport;
import io.tickstorm.operator.telemetry.Measured;
import io.tickstorm.operator.telemetry.Telemetry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the operator does about a new version of the backends, with servers of this process for its pods: it asks the proxy what it has
 * counted, has the operator's own {@link Course} decide, and gives the proxy the shares that follow from that. One thread.
 */
public final class VersionChange implements AutoCloseable {
    private static final String PORT = "http";
    private static final int WORKERS = 64;
    private static final Defaults RELEASE = new Defaults("proxy", "backend", null);

    /** The operator is told of changes and looks then; here it looks again and again. */
    private static final Duration EVERY = Duration.ofMillis(200);

    private final Stage stage;
    private final Map<String, Duration> work;
    private final int port;
    private final InstantSource clock = InstantSource.system();
    private final Telemetry telemetry = Telemetry.overHttp(clock);
    private final Map<Slot, Pods> pods = new EnumMap<>(Slot.class);
    private final List<Server> servers = new ArrayList<>();
    private final Proxy proxy;
    private TickStormCluster cluster;
    private Memory memory;
    private String configuration;
    private @Nullable FleetReport baseline;

    /** The pods of a slot. */
    private record Pods(Version version, List<Server> servers) {}

    /**
     * Starts the pods of the first version and a proxy before them.
     *
     * @param work by the name of an image, how long its pods take for a request
     * @param backend {@code spec.backend} of the resource, in one line
     */
    public VersionChange(Stage stage, Map<String, Duration> work, String backend) throws IOException {
        this.stage = stage;
        this.work = Map.copyOf(work);
        this.port = stage.ports(1)[0];
        this.cluster = cluster(backend);
        this.memory = Memory.of(Slot.BLUE, Version.of(cluster, RELEASE));
        startPods();
        this.configuration = configuration();
        this.proxy = stage.proxy("proxy", configuration);
    }

    /** Waits until clients are served. */
    public void awaitReady() throws InterruptedException {
        proxy.awaitReady();
    }

    /** Where clients come in. */
    public int port() {
        return port;
    }

    /** What {@code kubectl apply} does: asks for another {@code spec.backend}. */
    public void apply(String backend) {
        cluster = cluster(backend);
    }

    /** The name of the version that is asked for, as {@code status.rollout.revision} tells it. */
    public String revision() {
        return Version.of(cluster, RELEASE).revision();
    }

    /** Requests that the pods of an image have got. Any thread. */
    public long arrived(String image) {
        synchronized (servers) {
            return servers.stream()
                    .filter(server -> server.name().startsWith(image + "-"))
                    .mapToLong(Server::arrived)
                    .sum();
        }
    }

    /** Lets the operator do its work for so long. */
    public void pass(Duration time) throws IOException, InterruptedException {
        for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; ) {
            look();
        }
    }

    /** Lets the operator do its work until something happens, by the reason of its event. */
    public void until(String reason, Duration limit) throws IOException, InterruptedException {
        for (long end = System.nanoTime() + limit.toNanos(); System.nanoTime() < end; ) {
            if (look().stream().anyMatch(happening -> happening.reason().equals(reason))) {
                return;
            }
        }
        throw new IllegalStateException(reason + " did not happen within " + limit.toSeconds() + " s");
    }

    @Override
    public void close() {
        telemetry.close();
    }

    private List<Happening> look() throws IOException, InterruptedException {
        var report = telemetry.ask(List.of(proxy.address()));
        var decision = Course.decide(memory, facts(report), clock.instant());
        memory = decision.memory();
        baseline = memory.trial() == null ? null : decision.measureAnew() ? report : baseline;
        startPods();
        var next = configuration();
        if (!next.equals(configuration)) {
            configuration = next;
            proxy.configure(next);
        }
        for (var happening : decision.happenings()) {
            stage.say(happening.reason() + ": " + happening.message());
        }
        stage.pass(decision.again().compareTo(EVERY) < 0 ? decision.again() : EVERY);
        return decision.happenings();
    }

    private Facts facts(FleetReport report) throws IOException {
        var seen = new EnumMap<Slot, Facts.Pods>(Slot.class);
        pods.forEach((slot, there) -> seen.put(
                slot, new Facts.Pods(there.version().revision(), there.servers().size())));
        return new Facts(
                Version.of(cluster, RELEASE),
                cluster.getSpec().backend().rollout(),
                cluster.getSpec().backend().replicas(),
                seen,
                new Facts.Proxies(1, report.allHave(proxy.hash()) ? List.of() : List.of(proxy.name())),
                baseline == null
                        ? null
                        : new Facts.Window(
                                baseline.at(),
                                measured(baseline, report, memory.idle()),
                                measured(baseline, report, memory.active())));
    }

    private static Measured measured(FleetReport before, FleetReport after, Slot slot) {
        return Measured.between(before, after, slot.backend(PORT));
    }

    private List<Track> tracks() {
        var backend = cluster.getSpec().backend();
        return Plan.tracks(memory, backend.rollout(), backend.replicas(), backend.replicas())
                .running();
    }

    /** Those that are no longer wanted have no traffic any more; they end with the stage. */
    private void startPods() throws IOException {
        var wanted = tracks();
        pods.keySet().removeIf(slot -> wanted.stream().noneMatch(track -> track.slot() == slot));
        for (var track : wanted) {
            var there = pods.get(track.slot());
            var running = there != null && there.version().is(track.version()) ? there.servers() : List.<Server>of();
            var all = new ArrayList<>(running.subList(0, Math.min(running.size(), track.replicas())));
            while (all.size() < track.replicas()) {
                all.add(start(track.version().image()));
            }
            pods.put(track.slot(), new Pods(track.version(), List.copyOf(all)));
        }
    }

    private Server start(String image) throws IOException {
        synchronized (servers) {
            var server = stage.server(image + "-" + servers.size(), WORKERS, work.getOrDefault(image, Duration.ZERO));
            servers.add(server);
            return server;
        }
    }

    /** As the operator writes it, with addresses in the place of Services. */
    private String configuration() {
        var wanted = tracks();
        return """
                listeners:
                  - {name: http, address: 127.0.0.1, port: %d, backends: [%s]}
                backends:
                %sworkers: 1
                """.formatted(
                        port,
                        wanted.stream()
                                .map(track -> "{name: %s, weight: %d}"
                                        .formatted(track.slot().backend(PORT), track.weight()))
                                .collect(Collectors.joining(", ")),
                        wanted.stream().map(this::backend).collect(Collectors.joining()));
    }

    private String backend(Track track) {
        var there = pods.get(track.slot());
        var addresses = (there == null ? List.<Server>of() : there.servers())
                .stream().map(server -> '"' + server.address() + '"').collect(Collectors.joining(", "));
        return "  - {name: %s, discovery: {static: [%s]}}\n"
                .formatted(track.slot().backend(PORT), addresses);
    }

    private static TickStormCluster cluster(String backend) {
        var text = """
                apiVersion: tickstorm.io/v1alpha1
                kind: TickStormCluster
                metadata: {name: shop, namespace: default}
                spec: {backend: %s}
                """.formatted(backend);
        return switch (ClusterReader.read(text, "lab")) {
            case ClusterReader.Reading.Accepted accepted -> accepted.cluster();
            case ClusterReader.Reading.Refused refused ->
                throw new IllegalArgumentException(refused.problems().toString());
        };
    }
}
