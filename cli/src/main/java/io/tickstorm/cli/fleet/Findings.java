package io.tickstorm.cli.fleet;

import io.tickstorm.cli.fleet.Finding.Weight;
import io.tickstorm.cli.fleet.UpstreamSum.HeldAt;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is wrong with a cluster, and what to do: the heaviest first. A pure function of what was read. */
public final class Findings {
    private final Fleet fleet;
    private final String tool;
    private final List<Finding> found = new ArrayList<>();

    private Findings(Fleet fleet, String tool) {
        this.fleet = fleet;
        this.tool = tool;
    }

    /** @param tool what a person types to ask further, such as {@code kubectl tickstorm} */
    public static List<Finding> of(Fleet fleet, String tool) {
        var findings = new Findings(fleet, tool);
        findings.operator();
        findings.proxies();
        findings.configurations();
        fleet.backends().forEach(findings::backend);
        fleet.pods().forEach(findings::pod);
        // A pod with several ports is held back in several backends for one reason.
        return findings.found.stream()
                .distinct()
                .sorted((one, other) -> one.weight().compareTo(other.weight()))
                .toList();
    }

    /** What the operator says comes with what to do in its own words. */
    private void operator() {
        var standing = fleet.standing();
        if (standing == null) {
            return;
        }
        if (standing.conditions().isEmpty()) {
            add(
                    Weight.ERROR,
                    fleet.cluster(),
                    "no operator has said anything of it",
                    "see whether the operator runs: kubectl get pods -A -l app.kubernetes.io/name=tickstorm-operator");
            return;
        }
        var degraded = standing.condition("Degraded");
        if (degraded != null && degraded.is("True")) {
            add(Weight.ERROR, fleet.cluster(), degraded.reason() + ": " + degraded.message(), "");
        }
        var available = standing.condition("Available");
        if (available != null && !available.is("True")) {
            add(Weight.ERROR, fleet.cluster(), "requests are not served: " + available.message(), "");
        }
        var paused = standing.condition("Paused");
        if (paused != null && paused.is("True")) {
            add(
                    Weight.NOTE,
                    fleet.cluster(),
                    "paused: the operator changes nothing",
                    "kubectl annotate tsc " + fleet.cluster() + " tickstorm.io/pause-reconciliation-");
        }
        var progressing = standing.condition("Progressing");
        if (progressing != null && progressing.is("True")) {
            add(Weight.NOTE, fleet.cluster(), progressing.reason() + ": " + progressing.message(), "");
        }
        var rollout = standing.rollout();
        if (rollout != null && "Aborted".equals(rollout.getString("phase"))) {
            add(
                    Weight.ERROR,
                    fleet.cluster(),
                    "a version was given up: " + Standing.text(rollout, "message"),
                    "change the specification, or go back to the one before: " + tool + " rollout undo "
                            + fleet.cluster());
        }
    }

    private void proxies() {
        if (fleet.proxies().isEmpty()) {
            add(
                    Weight.ERROR,
                    fleet.cluster(),
                    "it has no proxy",
                    "see spec.loadBalancer.replicas, and the events of its Deployment");
        }
        for (var proxy : fleet.proxies()) {
            var pod = proxy.pod();
            pod.troubles().forEach(trouble -> add(Weight.ERROR, pod.name(), trouble, advice(pod)));
            var state = proxy.state();
            if (state == null) {
                add(
                        pod.ending() ? Weight.NOTE : Weight.ERROR,
                        pod.name(),
                        "does not answer: " + proxy.silence() + "; no sum has its numbers",
                        pod.ready() ? tool + " logs " + pod.name() : "");
                continue;
            }
            if (!state.ready() && !state.draining() && pod.troubles().isEmpty()) {
                add(
                        Weight.ERROR,
                        pod.name(),
                        "it is not ready, so it gets no connections",
                        tool + " logs " + pod.name());
            }
            state.problems()
                    .forEach(problem -> add(
                            Weight.ERROR,
                            pod.name(),
                            "its configuration has a problem: " + problem,
                            "the configuration of before holds; correct the specification"));
        }
    }

    private static String advice(Pod pod) {
        return pod.node() == null && pod.ports().isEmpty()
                ? "kubectl describe pod " + pod.name()
                : "look at its log, and at its events";
    }

    /** While a change is on its way they differ for a second. */
    private void configurations() {
        var hashes = new TreeMap<String, List<String>>();
        fleet.answering().forEach(proxy -> {
            var state = proxy.state();
            if (state != null && !state.hash().isEmpty()) {
                hashes.computeIfAbsent(state.hash(), hash -> new ArrayList<>()).add(proxy.name());
            }
        });
        // Processes of a local run have ports of their own each, and so texts of their own.
        if (hashes.size() > 1 && fleet.standing() != null) {
            add(
                    Weight.WARNING,
                    fleet.cluster(),
                    "proxies run by different configurations: "
                            + hashes.entrySet().stream()
                                    .map(entry -> entry.getKey() + " at " + String.join(", ", entry.getValue()))
                                    .collect(Collectors.joining("; ")),
                    "look again in a second; if it stays, the conditions of the resource say what holds it up");
        }
    }

    private void backend(BackendSum backend) {
        backend.seen().forEach((proxy, seen) -> {
            var subject = "backend " + backend.name();
            switch (seen.mode()) {
                case "PANIC" ->
                    add(
                            Weight.ERROR,
                            subject,
                            at(proxy) + seen.modeWords(),
                            "see what holds its upstreams back, below");
                case "EMPTY" ->
                    add(
                            Weight.ERROR,
                            subject,
                            at(proxy) + seen.modeWords() + ", so requests get 503",
                            "see why no pod is ready, or whether discovery names the right Service");
                case "DRAINING" ->
                    add(Weight.WARNING, subject, at(proxy) + seen.modeWords(), "see why no other pod is ready");
                default -> {
                    // As it should be.
                }
            }
            if (seen.trouble() != null) {
                add(
                        Weight.WARNING,
                        subject,
                        at(proxy) + "endpoints cannot be asked for, so they stay as they were: " + seen.trouble(),
                        "see whether the source of endpoints can be reached from the proxy");
            }
        });
        backend.upstreams().forEach(this::upstream);
    }

    private void upstream(UpstreamSum upstream) {
        var drained = upstream.drainedAt();
        var knowing = upstream.seen().size();
        if (!drained.isEmpty() && drained.size() < fleet.proxies().size()) {
            add(
                    Weight.WARNING,
                    upstream.name(),
                    "drained by hand at " + drained.size() + " of "
                            + fleet.proxies().size() + " proxies only (" + String.join(", ", drained) + ")",
                    "drain it at all: " + tool + " drain " + upstream.name() + "; or at none: " + tool + " resume "
                            + upstream.name());
        } else if (!drained.isEmpty()) {
            add(
                    Weight.NOTE,
                    upstream.name(),
                    "drained by hand at all proxies; " + upstream.inFlight() + " in flight",
                    "to give it work again: " + tool + " resume " + upstream.name());
        }
        if (knowing < fleet.answering().size()) {
            add(
                    Weight.WARNING,
                    upstream.name(),
                    "known to " + knowing + " of " + fleet.answering().size() + " proxies that answer",
                    "look again in a second; if it stays, see whether those proxies can ask for endpoints");
        }
        var pod = fleet.pod(upstream);
        for (var held : upstream.held()) {
            // What the pod says of itself says more, and one that has just started is no trouble.
            var known = held.held().reason().equals("NOT_READY") && pod != null && !pod.ready();
            if (!known && !held.held().reason().equals("DRAINING")) {
                add(
                        Weight.WARNING,
                        upstream.name(),
                        "held back at " + held.proxies().size() + " of "
                                + fleet.answering().size() + " proxies: " + words(held),
                        tool + " why " + upstream.name());
            }
        }
    }

    private void pod(Pod pod) {
        pod.troubles().forEach(trouble -> add(Weight.WARNING, pod.name(), trouble, advice(pod)));
    }

    private static String words(HeldAt held) {
        return held.held().reason() + " for " + held.held().seconds() + "s: "
                + held.held().detail();
    }

    private String at(String proxy) {
        return fleet.proxies().size() == 1 ? "" : proxy + ": ";
    }

    private void add(Weight weight, String subject, String what, String todo) {
        found.add(new Finding(weight, subject, what, todo));
    }
}
