package io.tickstorm.cli.show;

import io.tickstorm.cli.fleet.BackendSum;
import io.tickstorm.cli.fleet.Finding;
import io.tickstorm.cli.fleet.Fleet;
import io.tickstorm.cli.fleet.Pod;
import io.tickstorm.cli.fleet.Proxy;
import io.tickstorm.cli.fleet.ProxyState;
import io.tickstorm.cli.fleet.ProxyState.Listener;
import io.tickstorm.cli.fleet.Standing;
import io.tickstorm.cli.fleet.UpstreamSum;
import io.tickstorm.cli.show.Style.Paint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;

/** A cluster as a tree, then what is wrong with it and what to do. */
public final class StatusText {
    private final Fleet fleet;
    private final List<Finding> findings;
    private final Style style;

    private StatusText(Fleet fleet, List<Finding> findings, Style style) {
        this.fleet = fleet;
        this.findings = findings;
        this.style = style;
    }

    public static String of(Fleet fleet, List<Finding> findings, Style style) {
        return new StatusText(fleet, findings, style).write();
    }

    private String write() {
        var root = new Tree(sign() + " " + style.paint(Paint.STRONG, fleet.cluster()) + "  "
                + style.paint(Paint.DIM, "(" + fleet.place() + ")") + verdict());
        var standing = fleet.standing();
        if (standing != null) {
            resource(root, standing);
        }
        listeners(root);
        var proxies = root.add("proxies: " + answering() + style.dot()
                + Numbers.of(fleet.connections(), "connection", "connections") + part());
        fleet.proxies().forEach(proxy -> proxies.add(line(proxy)));
        fleet.backends().forEach(backend -> backend(root, backend));
        var unheard = fleet.unheard();
        if (!unheard.isEmpty()) {
            var others = root.add("backends that no proxy knows");
            unheard.forEach(pod -> others.add((pod.troubles().isEmpty() ? style.note() : style.warn()) + " "
                    + pod.name() + style.dot() + words(pod)));
        }
        var out = new StringBuilder(root.write(style));
        findings(out);
        return out.toString();
    }

    private String sign() {
        if (findings.stream().anyMatch(finding -> finding.weight() == Finding.Weight.ERROR)) {
            return style.bad();
        }
        return findings.stream().anyMatch(Finding::counts) ? style.warn() : style.good();
    }

    private String verdict() {
        var wrong = findings.stream().filter(Finding::counts).count();
        return wrong == 0
                ? "  all is well"
                : "  " + Numbers.of(wrong, "thing is wrong", "things are wrong") + ", see below";
    }

    private void resource(Tree root, Standing standing) {
        var ready = standing.condition("Ready");
        if (ready != null) {
            root.add("resource: "
                    + (ready.is("True") ? "Ready" : "not Ready (" + ready.reason() + "): " + ready.message())
                    + (standing.stale() ? style.dot() + "the operator has not seen the newest specification yet" : ""));
        }
        var rollout = standing.rollout();
        if (rollout != null) {
            var step = rollout.getString("step");
            var text = rollout.getString("strategy") + ", " + rollout.getString("phase")
                    + (step == null ? "" : " " + step) + ", version " + rollout.getString("revision");
            if (!Objects.equals(rollout.getString("revision"), rollout.getString("stableRevision"))) {
                text += style.dot() + rollout.getValue("weight") + " % of the traffic; stable "
                        + rollout.getString("stableRevision");
            }
            root.add("rollout: " + text);
        }
    }

    private void listeners(Tree root) {
        var found = new LinkedHashMap<String, List<Listener>>();
        fleet.states().stream()
                .flatMap(state -> state.listeners().stream())
                .forEach(listener -> found.computeIfAbsent(listener.name(), name -> new ArrayList<>())
                        .add(listener));
        if (found.isEmpty()) {
            return;
        }
        var standing = fleet.standing();
        var ports = standing == null ? "" : standing.addresses();
        var branch = root.add("listeners" + (ports.isEmpty() ? "" : " (node ports: " + ports + ")"));
        found.forEach((name, all) -> {
            var refused = sum(all, Listener::refused);
            branch.add(name + ": " + all.getFirst().protocol() + style.dot()
                    + Numbers.of(sum(all, Listener::connections), "connection", "connections")
                    + (refused == 0 ? "" : style.dot() + Numbers.count(refused) + " refused since the start"));
        });
    }

    private String answering() {
        return fleet.whole()
                ? (fleet.proxies().size() == 1
                        ? "1 answers"
                        : "all " + fleet.proxies().size() + " answer")
                : fleet.answering().size() + " of " + fleet.proxies().size() + " answer";
    }

    /** A sum that leaves somebody out says so. */
    private String part() {
        return fleet.whole() ? "" : " at those that answer";
    }

    private String line(Proxy proxy) {
        var pod = proxy.pod();
        var state = proxy.state();
        if (state == null) {
            return (pod.ending() ? style.note() : style.bad()) + " " + pod.name() + style.dot() + words(pod)
                    + style.dot() + "does not answer: " + proxy.silence();
        }
        return (state.ready() ? style.good() : state.draining() ? style.note() : style.bad()) + " " + pod.name()
                + style.dot() + (state.draining() ? "draining" : words(pod)) + style.dot()
                + Numbers.of(state.connections(), "connection", "connections")
                + configuration(state);
    }

    private String configuration(ProxyState state) {
        return (state.hash().isEmpty() ? "" : style.dot() + "configuration " + state.hash())
                + (state.problems().isEmpty() ? "" : ", a newer one has problems");
    }

    private static String words(Pod pod) {
        return (pod.ending() ? "ending" : pod.ready() ? "ready" : pod.phase())
                + (pod.node() == null ? "" : " on " + pod.node())
                + (pod.restarts() == 0 ? "" : ", " + Numbers.of(pod.restarts(), "restart", "restarts"));
    }

    private void backend(Tree root, BackendSum backend) {
        var serving = backend.upstreams().stream()
                .filter(upstream -> upstream.servingAt() > 0)
                .count();
        var branch = root.add("backend " + backend.name() + ": " + backend.policy() + style.dot() + serving + " of "
                + Numbers.of(backend.upstreams().size(), "pod serves", "pods serve") + style.dot()
                + Numbers.count(backend.inFlight()) + " in flight" + style.dot() + Numbers.count(backend.waiting())
                + " waiting" + part());
        backend.upstreams().forEach(upstream -> upstream(branch, upstream));
    }

    private void upstream(Tree branch, UpstreamSum upstream) {
        var all = fleet.answering().size();
        var serving = upstream.servingAt();
        var held = upstream.held();
        var sign = serving == all
                ? (held.isEmpty() ? style.good() : style.warn())
                : serving == 0 ? style.bad() : style.warn();
        var drained = !upstream.drainedAt().isEmpty();
        var ending = !held.isEmpty()
                && held.stream().allMatch(one -> one.held().reason().equals("DRAINING"))
                && serving < all;
        var pod = fleet.pod(upstream);
        var text = (ending ? style.note() : sign) + " " + upstream.name()
                + (upstream.name().equals(upstream.address()) ? "" : " " + style.paint(Paint.DIM, upstream.address()))
                + (pod == null ? "" : style.dot() + words(pod)) + style.dot()
                + (serving == all
                        ? "serves"
                        : serving == 0 ? "gets no new work" : "serves at " + serving + " of " + all + " proxies")
                + style.dot() + Numbers.count(upstream.inFlight()) + " in flight" + style.dot()
                + Numbers.count(upstream.requests()) + " requests, " + Numbers.count(upstream.failures()) + " failed"
                + style.dot() + "p99 " + Numbers.millis(upstream.p99Millis());
        var line = branch.add(text);
        if (drained) {
            line.add("drained by hand at " + upstream.drainedAt().size() + " of "
                    + Numbers.of(fleet.proxies().size(), "proxy", "proxies"));
        }
        for (var reason : held) {
            line.add(reason.held().reason() + " for " + reason.held().seconds() + "s"
                    + (all == 1 ? "" : " at " + reason.proxies().size() + " of " + all + " proxies") + ": "
                    + reason.held().detail());
        }
    }

    private void findings(StringBuilder out) {
        if (findings.isEmpty()) {
            return;
        }
        out.append('\n');
        for (var finding : findings) {
            var sign = switch (finding.weight()) {
                case ERROR -> style.bad();
                case WARNING -> style.warn();
                case NOTE -> style.note();
            };
            Tree.fold(
                    sign + " " + style.paint(Paint.STRONG, finding.subject()) + ": " + finding.what(),
                    "",
                    "    ",
                    style,
                    out);
            if (!finding.todo().isEmpty()) {
                Tree.fold(style.arrow() + " " + finding.todo(), "  ", "    ", style, out);
            }
        }
    }

    private static <T> long sum(List<T> items, ToLongFunction<T> figure) {
        return items.stream().mapToLong(figure).sum();
    }
}
