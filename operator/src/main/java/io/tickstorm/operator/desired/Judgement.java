package io.tickstorm.operator.desired;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import io.tickstorm.operator.crd.AutoscalingSpec.Scaling;
import io.tickstorm.operator.crd.BackendSpec;
import io.tickstorm.operator.crd.ListenerSpec;
import io.tickstorm.operator.crd.Probes.Probe;
import io.tickstorm.operator.crd.Resources;
import io.tickstorm.operator.crd.ServiceSpec;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.proxy.settings.Problems;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong with a cluster beyond the form of its values: what does not fit together, or is not there. Finds everything at once. */
final class Judgement {
    private static final Pattern CLUSTER_NAME = Pattern.compile("[a-z]([-a-z0-9]{0,38}[a-z0-9])?");
    private static final Pattern PORT_NAME = Pattern.compile("(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?");

    private static final int MOST_LISTENERS = 16;
    private static final int MOST_BACKENDS = 32;
    /** What the names of backends end with that serve a new version beside the one that serves now. */
    private static final String GREEN = "-green";

    private final TickStormCluster cluster;
    private final BackendSpec backend;
    private final Problems problems;

    private Judgement(TickStormCluster cluster, Problems problems) {
        this.cluster = cluster;
        this.backend = cluster.getSpec().backend();
        this.problems = problems;
    }

    static void judge(TickStormCluster cluster, Problems problems) {
        var judgement = new Judgement(cluster, problems);
        judgement.name();
        judgement.ports();
        judgement.listeners();
        judgement.backends();
        judgement.probes();
        judgement.quantities("spec.backend.resources", judgement.backend.resources());
        judgement.quantities(
                "spec.loadBalancer.resources", cluster.getSpec().loadBalancer().resources());
        PolicyJudgement.judge(cluster.getSpec(), problems);
        judgement.scaling("spec.autoscaling.backend", Component.BACKEND, "spec.backend.resources");
        judgement.scaling("spec.autoscaling.loadBalancer", Component.PROXY, "spec.loadBalancer.resources");
    }

    private void name() {
        var name = requireNonNullElse(cluster.getMetadata().getName(), "");
        if (!CLUSTER_NAME.matcher(name).matches()) {
            problem(
                    "metadata.name",
                    '"' + name
                            + "\" (expected: at most 40 lower-case letters, digits and '-', beginning with a letter)");
        }
    }

    private void ports() {
        var path = "spec.backend.ports";
        if (backend.ports().isEmpty()) {
            problem(path, "missing (expected: the port that the image listens on, such as {http: 8000})");
        }
        if (backend.reference() && backend.ports().size() > BackendSpec.REFERENCE_PORTS.size()) {
            problem(
                    path,
                    backend.ports().keySet() + " (expected: some of " + BackendSpec.REFERENCE_PORTS.keySet()
                            + ", which the reference backend has, or an image of your own)");
        }
        backend.ports().forEach((name, number) -> {
            if (!PORT_NAME.matcher(name).matches()) {
                problem(
                        path,
                        '"' + name + "\" (expected: at most 15 lower-case letters, digits and '-', with a letter)");
            }
            var other = Slot.GREEN.backend(name);
            if (backend.ports().containsKey(other)) {
                problem(
                        path,
                        '"' + other + "\" beside \"" + name
                                + "\" (expected: another name, because the proxies call the other version of the first one so)");
            }
            if (number < 1 || number > 65535) {
                problem(path + "." + name, number + " (expected: 1..65535)");
            }
        });
        unique(path, backend.ports().entrySet().stream().toList(), Map.Entry::getValue, Map.Entry::getKey);
    }

    private void listeners() {
        var listeners = Listeners.of(cluster.getSpec());
        var path = "spec.loadBalancer.listeners";
        if (listeners.isEmpty() && !backend.ports().isEmpty()) {
            problem(
                    path,
                    "missing (expected: which of the backend ports "
                            + backend.ports().keySet() + " are balanced; none of them is named http or tcp)");
        }
        for (int i = 0; i < listeners.size(); i++) {
            listener(path + "[" + i + "]", listeners.get(i));
        }
        atMost(path, listeners.size(), MOST_LISTENERS);
        // the proxy's reader tells of names and ports that are there twice
        unique(path, listeners, ListenerSpec::nodePort, ListenerSpec::name);
    }

    private void listener(String path, ListenerSpec listener) {
        if (listener.name() == null || listener.port() == null) {
            return; // told as missing by the shape
        }
        if (Proxies.OWN_PORT_NAMES.contains(listener.name())
                || !PORT_NAME.matcher(listener.name()).matches()) {
            problem(
                    path + ".name",
                    '"' + listener.name()
                            + "\" (expected: at most 15 lower-case letters, digits and '-', with a letter, and none of "
                            + Proxies.OWN_PORT_NAMES + ")");
        }
        if (Proxies.OWN_PORTS.contains(listener.port())) {
            problem(
                    path + ".port",
                    listener.port() + " (expected: none of 8081, 8404 and 9090, which are the proxy's own)");
        }
        var named = listener.words().containsKey("backend") || listener.words().containsKey("backends");
        if (listener.backendPort() != null && named) {
            problem(path + ".backendPort", "beside backend or backends (expected: one of them)");
        }
        var wanted =
                listener.backendPort() != null || !(named || listener.words().containsKey("routes"));
        if (wanted && Listeners.backendPort(listener, backend.ports()) == null) {
            problem(
                    path + ".backendPort",
                    shown(listener.backendPort()) + " (expected: a name or number of spec.backend.ports, "
                            + backend.ports() + ")");
        }
        var inside = cluster.getSpec().loadBalancer().service().type() == ServiceSpec.Type.CLUSTER_IP;
        var given = !cluster.getSpec().loadBalancer().listeners().isEmpty();
        if (inside && given && listener.nodePort() != null) {
            problem(
                    path + ".nodePort",
                    listener.nodePort() + " (expected: nothing, since a Service of type ClusterIP has no node ports)");
        }
    }

    private void backends() {
        var path = "spec.loadBalancer.backends";
        var given = cluster.getSpec().loadBalancer().backends();
        atMost(path, given.size(), MOST_BACKENDS);
        var names = new HashSet<String>();
        for (int i = 0; i < given.size(); i++) {
            var name = given.get(i).name();
            if (!names.add(name)) {
                problem(path + "[" + i + "].name", '"' + name + "\" (expected: each name once)");
            }
            var port = backend.ports().containsKey(name);
            if (port && given.get(i).further()) {
                problem(
                        path + "[" + i + "].discovery",
                        "given for the backend port " + name
                                + " (expected: nothing, because its pods are found by their Service; or another name)");
            } else if (!port && !given.get(i).further()) {
                problem(
                        path + "[" + i + "].discovery",
                        "missing (expected: exactly one of static, kubernetes and dns; or the name of a port of spec.backend, "
                                + backend.ports().keySet() + ")");
            }
            if (!port
                    && name.endsWith(GREEN)
                    && backend.ports().containsKey(name.substring(0, name.length() - GREEN.length()))) {
                problem(
                        path + "[" + i + "].name",
                        '"' + name + "\" (expected: another name, because proxies call a new version of a port so)");
            }
        }
    }

    private void atMost(String path, int size, int most) {
        if (size > most) {
            problem(path, size + " items (expected: at most " + most + ")");
        }
    }

    private void probes() {
        var probes = backend.probes();
        if (probes != null) {
            probe("spec.backend.probes.readiness", probes.readiness());
            probe("spec.backend.probes.liveness", probes.liveness());
        }
    }

    private void probe(String path, @Nullable Probe probe) {
        var port = probe == null ? null : probe.port();
        if (port == null) {
            return;
        }
        var name = port.getStrVal();
        var known = name == null
                ? port.getIntVal() >= 1 && port.getIntVal() <= 65535
                : backend.ports().containsKey(name);
        if (!known) {
            problem(
                    path + ".port",
                    shown(port) + " (expected: 1..65535 or a name of spec.backend.ports, "
                            + backend.ports().keySet() + ")");
        }
    }

    private void quantities(String path, @Nullable Resources resources) {
        if (resources != null) {
            resources.requests().forEach((name, quantity) -> quantity(path + ".requests." + name, quantity));
            resources.limits().forEach((name, quantity) -> quantity(path + ".limits." + name, quantity));
        }
    }

    private void quantity(String path, Quantity quantity) {
        try {
            if (quantity.getNumericalAmount().signum() >= 0) {
                return;
            }
        } catch (RuntimeException notOne) {
            // told below
        }
        problem(path, quantity + " (expected: a quantity such as 250m or 256Mi)");
    }

    private void scaling(String path, Component component, String resources) {
        Scaling scaling = Autoscalers.enabled(cluster, component);
        if (scaling == null) {
            return;
        }
        if (scaling.minReplicas() > scaling.maxReplicas()) {
            problem(
                    path + ".minReplicas",
                    scaling.minReplicas() + " (expected: at most maxReplicas, " + scaling.maxReplicas() + ")");
        }
        if (!Autoscalers.measured(cluster, component, scaling)) {
            problem(
                    resources + ".requests",
                    "missing (expected: cpu or memory, because " + path + " measures the share of it that is used)");
        }
    }

    private <T> void unique(String path, List<T> items, Function<T, @Nullable Object> key, Function<T, String> name) {
        var first = new HashMap<Object, String>();
        for (var item : items) {
            var value = key.apply(item);
            var other = value == null ? null : first.putIfAbsent(value, name.apply(item));
            if (other != null) {
                problem(path, value + " given twice (expected: once), in " + other + " and " + name.apply(item));
            }
        }
    }

    private void problem(String path, String message) {
        problems.add(path, 0, message);
    }

    private static String shown(@Nullable IntOrString value) {
        if (value == null) {
            return "missing";
        }
        return value.getStrVal() == null ? String.valueOf(value.getIntVal()) : '"' + value.getStrVal() + '"';
    }
}
