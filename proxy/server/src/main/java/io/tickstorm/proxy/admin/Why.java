package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.access.Recorded;
import io.tickstorm.proxy.admin.State.BackendState;
import io.tickstorm.proxy.admin.State.ListenerState;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.listener.BackendShare;
import io.tickstorm.proxy.listener.ListenerSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** Answers why, from one look at the state and the failures that are kept. */
final class Why {
    /** So that an answer stays readable. */
    private static final int SHOWN = 20;

    private final State state;
    private final List<Recorded> kept;
    private final long now;

    /**
     * @param kept the latest first
     * @param now as the clock of the backends says
     */
    Why(State state, List<Recorded> kept, long now) {
        this.state = state;
        this.kept = kept;
        this.now = now;
    }

    /**
     * One answer for each backend that has it.
     *
     * @throws Refusal if nothing at all is known of it
     */
    List<Explanation> upstream(String name) {
        var found = new ArrayList<Explanation>();
        for (var backend : state.backends()) {
            Named.upstreams(backend, name)
                    .forEach(upstream -> found.add(new WhyUpstream(backend, upstream, now).explain(kept)));
        }
        if (!found.isEmpty()) {
            return found;
        }
        var failures = Failures.of(
                kept,
                entry -> entry.tries().stream()
                        .anyMatch(attempt -> attempt.upstream().equals(name)
                                || attempt.address().equals(name)));
        if (failures.all().isEmpty()) {
            throw Named.unknown(
                    "upstream",
                    name,
                    state.backends().stream()
                            .flatMap(backend -> Named.names(backend).stream())
                            .toList());
        }
        return List.of(new Explanation(
                name + " gets no work.",
                List.of("discovery does not name it any more"),
                List.of(failures.summary()),
                List.of(),
                failures.latest()));
    }

    /** @throws Refusal if there is none of this name */
    Explanation backend(String name) {
        var found = Named.backend(state, name);
        var backend = found.backend();
        var serving = new HashSet<>(backend.serving());
        var upstreams = backend.upstreams();
        var because = new ArrayList<String>();
        because.add(Words.of(backend.mode()));
        upstreams.stream()
                .filter(upstream -> !serving.contains(upstream) || !upstream.available())
                .limit(SHOWN)
                .forEach(upstream -> because.add(upstream
                        + (serving.contains(upstream) ? " gets work although " : " gets no new work: ")
                        + holds(upstream)));
        var failures = Failures.of(kept, entry -> entry.backend().equals(name));
        var advice = new ArrayList<String>();
        if (upstreams.isEmpty()) {
            advice.add("see what discovery sees: " + found.discovery().source());
        }
        if (serving.size() < upstreams.size()) {
            advice.add("ask for one of them: /why?upstream=NAME");
        }
        var verdict = serving.isEmpty()
                ? "Backend " + name + " can serve nobody."
                : "Backend " + name + " serves: " + serving.size() + " of " + Words.count(upstreams.size(), "upstream")
                        + (serving.size() == 1 ? " gets" : " get") + " new work.";
        return new Explanation(verdict, because, known(found, failures), advice, failures.latest());
    }

    /** @throws Refusal if there is none of this name */
    Explanation listener(String name) {
        var found = state.listeners().stream()
                .filter(listener -> listener.settings().name().equals(name))
                .findFirst()
                .orElseThrow(() -> Named.unknown(
                        "listener",
                        name,
                        state.listeners().stream()
                                .map(listener -> listener.settings().name())
                                .toList()));
        var failures = Failures.of(kept, entry -> entry.listener().equals(name));
        var known = new ArrayList<String>();
        known.add(failures.summary());
        found.settings().routes().stream()
                .limit(SHOWN)
                .forEach(route -> known.add((route.name().isEmpty() ? "a route" : "route " + route.name())
                        + " leads from " + route.conditions() + " to " + backends(route.backends())));
        known.add(Words.count(found.accepted(), "connection") + " since the start, " + found.refused()
                + " refused because too many were open");
        return new Explanation(
                verdict(found),
                failures.causes(),
                known,
                found.settings()
                        .allBackends()
                        .map(BackendShare::name)
                        .distinct()
                        .limit(SHOWN)
                        .map(backend -> "ask for what is behind it: /why?backend=" + backend)
                        .toList(),
                failures.latest());
    }

    /** @throws Refusal if it is not kept */
    Explanation request(String id) {
        var found = kept.stream()
                .filter(recorded -> {
                    var request = recorded.entry().request();
                    return request != null && request.id().equals(id);
                })
                .toList();
        if (found.isEmpty()) {
            var since = kept.isEmpty()
                    ? "none is kept now"
                    : kept.size() + " are kept, the oldest ended at "
                            + kept.getLast().ended();
            throw new Refusal(
                    Refusal.NOT_FOUND,
                    "request: " + id + " (expected: the id of one that failed or needed more than one attempt; " + since
                            + ")");
        }
        var entry = found.getFirst().entry();
        var because = new ArrayList<String>();
        because.add(entry.termination() + ": " + entry.termination().words()
                + (entry.detail().isEmpty() ? "" : ": " + entry.detail()));
        entry.tries().stream()
                .filter(attempt -> attempt.failure() != null)
                .forEach(attempt -> because.add(attempt.upstream() + " failed: " + attempt.failure()));
        var outcome = entry.status() == 0 ? "got no answer" : "was answered " + entry.status();
        return new Explanation(
                "Request " + id + " " + outcome + " after " + Words.time(entry.totalNanos()) + " and "
                        + Words.count(entry.tries().size(), "attempt") + ".",
                because,
                List.of(),
                List.of(),
                found);
    }

    private static String verdict(ListenerState listener) {
        var settings = listener.settings();
        return "Listener " + settings.name() + " accepts " + settings.protocol() + " on " + settings.address() + ":"
                + listener.port() + " for " + backends(settings) + "; "
                + Words.count(listener.connections(), "connection") + " open of at most "
                + settings.limits().maxConnections() + ".";
    }

    private static String backends(ListenerSettings settings) {
        var rest = settings.backends();
        if (settings.routes().isEmpty()) {
            return backends(rest);
        }
        return Words.count(settings.routes().size(), "route") + " and "
                + (rest.isEmpty() ? "nobody else" : "else " + backends(rest));
    }

    private static String backends(List<BackendShare> shares) {
        if (shares.size() == 1) {
            return "backend " + shares.getFirst().name();
        }
        return shares.stream()
                .map(share -> share.name() + " (weight " + share.weight() + (share.standby() ? ", stands by)" : ")"))
                .collect(Collectors.joining(" and ", "backends ", ""));
    }

    private List<String> known(BackendState found, Failures failures) {
        var backend = found.backend();
        var known = new ArrayList<String>();
        known.add(Words.count(backend.inFlight(), "attempt") + " now, " + backend.queued() + " of at most "
                + found.config().settings().limits().queue().size() + " in the line, "
                + Words.count(backend.retries().budget().running(), "retry on the budget")
                        .replace("retry on the budgets", "retries on the budget"));
        known.add("endpoints by " + Words.of(found.discovery()));
        known.add(failures.summary());
        return known;
    }

    private String holds(Upstream upstream) {
        return upstream.available()
                ? "others are preferred"
                : upstream.reasons().stream().map(hold -> Words.of(hold, now)).collect(Collectors.joining("; "));
    }
}
