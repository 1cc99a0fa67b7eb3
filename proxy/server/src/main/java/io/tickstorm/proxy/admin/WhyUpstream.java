package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.access.Recorded;
import io.tickstorm.proxy.admin.State.BackendState;
import io.tickstorm.proxy.backend.Affinity;
import io.tickstorm.proxy.backend.Mode;
import io.tickstorm.proxy.endpoint.Hold;
import io.tickstorm.proxy.endpoint.Upstream;
import java.util.ArrayList;
import java.util.List;

/** Why an upstream gets work, or none. */
final class WhyUpstream {
    private static final int HALF = 50;
    private static final int NEARLY_ALL = 99;
    private static final int WHOLE = 100;

    private final BackendState state;
    private final Upstream upstream;
    private final List<Upstream> serving;
    private final long now;

    WhyUpstream(BackendState state, Upstream upstream, long now) {
        this.state = state;
        this.upstream = upstream;
        this.serving = state.backend().serving();
        this.now = now;
    }

    Explanation explain(List<Recorded> kept) {
        var failures = Failures.of(
                kept,
                entry -> entry.backend().equals(state.backend().name())
                        && entry.tries().stream()
                                .anyMatch(attempt ->
                                        attempt.address().equals(upstream.id().address())));
        var known = known();
        known.add(failures.summary());
        return new Explanation(verdict(), because(), known, advice(), failures.latest());
    }

    private boolean serves() {
        return serving.contains(upstream);
    }

    private String verdict() {
        var who = upstream + " of backend " + state.backend().name();
        if (!serves()) {
            return who + " gets no new work.";
        }
        if (!upstream.available()) {
            return who + " gets new work although it is held back.";
        }
        double all = serving.stream().mapToDouble(Upstream::share).sum();
        return who + " gets new work: its fair share is " + Words.number(WHOLE * upstream.share() / all) + " %.";
    }

    private List<String> because() {
        var because = new ArrayList<String>();
        upstream.reasons().forEach(hold -> because.add(Words.of(hold, now)));
        var mode = state.backend().mode();
        if (serves() && !upstream.available() || mode == Mode.PANIC) {
            because.add("the backend is in " + Words.of(mode));
        }
        if (!serves() && upstream.available()) {
            because.add("nothing holds it back, but others are preferred: " + Words.of(mode));
            if (!upstream.endpoint().hintedZones().isEmpty()) {
                because.add("discovery hints that it is for the zones "
                        + String.join(", ", upstream.endpoint().hintedZones()));
            }
        }
        if (serves() && upstream.available()) {
            because.add("nothing holds it back");
        }
        if (upstream.full()) {
            because.add("as many requests run on it as limits.requests allows; "
                    + Words.count(state.backend().queued(), "request") + " wait for a place");
        }
        if (upstream.warmth() < 1) {
            because.add("it warms up (balancing.slowStart): " + Words.number(WHOLE * upstream.warmth())
                    + " % of its weight counts now");
        }
        return because;
    }

    private List<String> known() {
        var known = new ArrayList<String>();
        known.add(Words.count(upstream.inFlight(), "attempt") + " on it now; "
                + upstream.tally().requests()
                + " since it was discovered, " + upstream.tally().failures() + " of them failed ("
                + upstream.tally().connectFailures() + " without a connection), "
                + upstream.tally().retries() + " were retries");
        var answers = upstream.tally().answers().snapshot();
        if (answers.count() > 0) {
            known.add(
                    "of " + Words.count(answers.count(), "answer") + " half came within " + bound(answers.within(HALF))
                            + ", 99 % within " + bound(answers.within(NEARLY_ALL)) + "; lately about "
                            + Words.time(upstream.latency().at(now)));
        }
        var endpoint = upstream.endpoint();
        known.add("discovery (" + Words.of(state.discovery()) + ") calls it " + endpoint.condition() + ", weight "
                + endpoint.weight() + (endpoint.zone() == null ? "" : ", zone " + endpoint.zone())
                + (endpoint.node() == null ? "" : ", node " + endpoint.node()));
        if (!(state.backend().affinity() instanceof Affinity.None)) {
            known.add("clients are kept to upstreams by "
                    + Words.of(state.backend().affinity()) + ", so shares may differ from the fair one");
        }
        return known;
    }

    private static String bound(long nanos) {
        return nanos == Long.MAX_VALUE ? "more than 30 s" : Words.time(nanos);
    }

    private List<String> advice() {
        var advice = new ArrayList<String>();
        upstream.reasons().forEach(hold -> advice.add(advice(hold)));
        if (advice.isEmpty() && upstream.full()) {
            advice.add("add upstreams, or raise limits.requests");
        }
        return advice;
    }

    private String advice(Hold hold) {
        var check = state.config().settings().healthCheck();
        return switch (hold.reason()) {
            case NOT_READY -> "see why it is not ready: its readiness probe, or the events of its pod";
            case FAILED_CHECK ->
                check == null
                        ? "its check was taken out of the configuration a moment ago; wait"
                        : "ask it what our check asks (" + check.probe().type() + ", port "
                                + (check.port() == 0 ? upstream.id().port() : check.port())
                                + ") and look at its log; it comes back after " + check.rise() + " good checks";
            case EJECTED -> "look at what its peers do better: its log, its node; it comes back by answering well";
            case DRAINING ->
                upstream.drainedByHand()
                        ? "to give it work again: POST /backends/"
                                + state.backend().name() + "/upstreams/"
                                + upstream.endpoint().name() + "/resume"
                        : "nothing: it is terminating and finishes what it has";
            case CIRCUIT_OPEN ->
                "look at its last failures below and at its log; one request will try it, and closes the circuit if it is answered";
            case UNREACHABLE ->
                "see whether its process listens on " + upstream.id().address() + "; it is tried again within a second";
        };
    }
}
