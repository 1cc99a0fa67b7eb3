package io.tickstorm.operator.desired;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.tickstorm.operator.crd.ClusterSpec;
import io.tickstorm.operator.crd.Probes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the kubelet asks containers: often for readiness, so that a failure is seen within seconds; patiently before it restarts one. */
final class ContainerProbes {
    private static final int READINESS_PERIOD = 2;
    private static final int LIVENESS_PERIOD = 10;
    private static final int FAILURES = 3;
    private static final int TIMEOUT = 2;
    /** Two minutes to start, asked every second: slow starters are not restarted, quick ones are not kept waiting. */
    private static final int STARTUP_FAILURES = 120;

    private ContainerProbes() {}

    /** Our own processes: they start when they are alive, and say themselves when they are ready. */
    static void addOwn(ContainerBuilder container, IntOrString port) {
        add(container, http("/ready", port), http("/healthz", port));
    }

    static void addTo(ContainerBuilder container, ClusterSpec spec) {
        var backend = spec.backend();
        var probes = backend.probes();
        if (probes == null && backend.reference()) {
            addOwn(container, new IntOrString("health"));
            return;
        }
        var traffic = new IntOrString(trafficPort(spec));
        var readiness = probes == null ? null : probes.readiness();
        var liveness = probes == null ? null : probes.liveness();
        add(
                container,
                readiness == null ? tcp(traffic) : asked(readiness, traffic),
                liveness == null ? null : asked(liveness, traffic));
    }

    private static void add(ContainerBuilder container, ProbeBuilder readiness, @Nullable ProbeBuilder liveness) {
        container.withReadinessProbe(timed(readiness, READINESS_PERIOD, FAILURES));
        if (liveness != null) {
            container.withLivenessProbe(timed(liveness, LIVENESS_PERIOD, FAILURES));
            container.withStartupProbe(timed(liveness, 1, STARTUP_FAILURES));
        }
    }

    private static String trafficPort(ClusterSpec spec) {
        var ports = spec.backend().ports();
        var served = Listeners.of(spec).stream()
                .map(listener -> Listeners.backendPort(listener, ports))
                .filter(Objects::nonNull)
                .findFirst();
        // a version that runs while the listeners already name the ports of the next one
        return served.orElseGet(() -> ports.keySet().iterator().next());
    }

    private static ProbeBuilder asked(Probes.Probe probe, IntOrString traffic) {
        var port = requireNonNullElse(probe.port(), traffic);
        return switch (probe.type()) {
            case HTTP -> http(requireNonNullElse(probe.path(), "/"), port);
            case TCP -> tcp(port);
        };
    }

    private static ProbeBuilder http(String path, IntOrString port) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(port)
                .withScheme("HTTP")
                .endHttpGet();
    }

    private static ProbeBuilder tcp(IntOrString port) {
        return new ProbeBuilder().withNewTcpSocket().withPort(port).endTcpSocket();
    }

    private static Probe timed(ProbeBuilder probe, int period, int failures) {
        return probe.withPeriodSeconds(period)
                .withFailureThreshold(failures)
                .withTimeoutSeconds(TIMEOUT)
                .build();
    }
}
