package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.admin.State.BackendState;
import io.tickstorm.proxy.admin.State.ListenerState;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.history.History;
import io.tickstorm.proxy.history.Rates;
import io.tickstorm.proxy.listener.BackendShare;
import io.tickstorm.proxy.listener.Protocol;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The state as HAProxy's statistics are: so what reads those reads ours. A listener is a frontend, an upstream a server. {@code
 * docs/page.md} says what each column is here; one that we have nothing for is empty.
 */
final class StatsCsv {
    private static final long NANOS = 1_000_000_000;
    private static final int MILLIS = 1000;
    private static final int PROCESS = 1;

    private final State state;
    private final History history;
    private final long now;
    private final StringBuilder text = new StringBuilder(StatsRow.HEADER);

    private StatsCsv(State state, History history, long now) {
        this.state = state;
        this.history = history;
        this.now = now;
    }

    static String of(State state, Sources sources) {
        return new StatsCsv(state, sources.history(), sources.ticker().nanos()).write();
    }

    private String write() {
        int number = 1;
        for (var listener : state.listeners()) {
            frontend(listener, number++);
        }
        for (var backend : state.backends()) {
            var serving = new HashSet<>(backend.backend().serving());
            int server = 1;
            for (var upstream : backend.backend().upstreams()) {
                server(backend, upstream, serving, number, server++);
            }
            backend(backend, serving, number++);
        }
        return text.toString();
    }

    private void frontend(ListenerState listener, int number) {
        var settings = listener.settings();
        var traffic = listener.traffic();
        var rates = history.rates(settings.name(), traffic);
        var row = row(settings.name(), "FRONTEND", number, 0, 0)
                .put("scur", listener.connections())
                .put("slim", settings.limits().maxConnections())
                .put("stot", traffic.accepted())
                .put("bin", traffic.bytesIn())
                .put("bout", traffic.bytesOut())
                .put("dreq", traffic.limited())
                .put("ereq", traffic.flaws())
                .put("status", "OPEN")
                .put("rate", rates.connections())
                .put("conn_rate", rates.connections())
                .put("conn_tot", traffic.accepted())
                .put("dcon", traffic.refused())
                .put("mode", mode(settings.protocol()));
        if (!traffic.answers().isEmpty()) {
            row.put("req_rate", rates.requests())
                    .put("req_tot", traffic.requests())
                    .put("cli_abrt", traffic.cancelled());
            for (int digit = 1; digit <= traffic.answers().size(); digit++) {
                row.put("hrsp_" + digit + "xx", traffic.answers().get(digit - 1));
            }
        }
        row.write(text);
    }

    private void server(BackendState state, Upstream upstream, Set<Upstream> serving, int number, int server) {
        var rates = history.rates(upstream);
        var status = status(state, upstream, serving);
        var row = counts(
                        row(state.backend().name(), name(state, upstream), number, server, 2), List.of(upstream), rates)
                .put("status", status)
                .put("weight", upstream.endpoint().weight())
                .put("uweight", upstream.endpoint().weight())
                .put("act", serving.contains(upstream) ? 1 : 0)
                .put("bck", 0)
                .put("addr", upstream.id().address())
                .put("used_conn_cur", upstream.inFlight())
                .put("idle_conn_cur", Math.max(0, upstream.connections().open() - upstream.inFlight()))
                .put("mode", mode(state));
        var limit = state.config().settings().limits().requests();
        if (limit > 0) {
            row.put("slim", limit);
        }
        if (upstream.warmth() < 1) {
            row.put("throttle", Math.round(100 * upstream.warmth()));
        }
        upstream.reasons().stream()
                .max(Comparator.comparingLong(hold -> hold.sinceNanos()))
                .ifPresent(hold -> row.put("lastchg", Math.max(0, (now - hold.sinceNanos()) / NANOS))
                        .put("last_chk", hold.reason() == HoldReason.FAILED_CHECK ? hold.detail() : ""));
        row.write(text);
    }

    private void backend(BackendState state, Set<Upstream> serving, int number) {
        var backend = state.backend();
        counts(row(backend.name(), "BACKEND", number, 0, 1), backend.upstreams(), history.rates(backend.upstreams()))
                .put("qcur", backend.queued())
                .put("qlimit", state.config().settings().limits().queue().size())
                .put("status", serving.isEmpty() ? "DOWN" : "UP")
                .put(
                        "weight",
                        serving.stream()
                                .mapToInt(upstream -> upstream.endpoint().weight())
                                .sum())
                .put("act", serving.size())
                .put("bck", 0)
                .put("algo", state.config().settings().balancing().policy().toString())
                .put("mode", mode(state))
                .write(text);
    }

    private static StatsRow row(String proxy, String server, int number, int serverNumber, int type) {
        return new StatsRow()
                .put("pxname", proxy)
                .put("svname", server)
                .put("pid", PROCESS)
                .put("iid", number)
                .put("sid", serverNumber)
                .put("type", type);
    }

    private static StatsRow counts(StatsRow row, List<Upstream> upstreams, Rates rates) {
        long requests =
                upstreams.stream().mapToLong(each -> each.tally().requests()).sum();
        long failures =
                upstreams.stream().mapToLong(each -> each.tally().failures()).sum();
        long unconnected = upstreams.stream()
                .mapToLong(each -> each.tally().connectFailures())
                .sum();
        row.put("scur", upstreams.stream().mapToInt(Upstream::inFlight).sum())
                .put("stot", requests)
                .put("econ", unconnected)
                .put("eresp", failures - unconnected)
                .put(
                        "wretr",
                        upstreams.stream()
                                .mapToLong(each -> each.tally().retries())
                                .sum())
                .put("lbtot", requests)
                .put("rate", rates.requests());
        return Double.isNaN(rates.p50()) ? row : row.put("rtime", Math.round(MILLIS * rates.p50()));
    }

    private static String status(BackendState state, Upstream upstream, Set<Upstream> serving) {
        if (upstream.heldBy(HoldReason.NOT_READY)) {
            return "MAINT";
        }
        if (upstream.heldBy(HoldReason.DRAINING)) {
            return "DRAIN";
        }
        if (!upstream.available() && !serving.contains(upstream)) {
            return "DOWN";
        }
        return state.config().settings().healthCheck() == null ? "no check" : "UP";
    }

    /** With its address, where two have the same name. */
    private static String name(BackendState state, Upstream upstream) {
        var name = upstream.endpoint().name();
        return state.backend().upstreams().stream()
                                .filter(other -> other.endpoint().name().equals(name))
                                .count()
                        > 1
                ? upstream.toString()
                : name;
    }

    /** A backend speaks what the listeners do that lead to it. */
    private String mode(BackendState backend) {
        return state.listeners().stream()
                .filter(listener -> listener.settings()
                        .allBackends()
                        .map(BackendShare::name)
                        .anyMatch(backend.backend().name()::equals))
                .map(listener -> mode(listener.settings().protocol()))
                .distinct()
                .sorted()
                .collect(Collectors.collectingAndThen(
                        Collectors.toList(), modes -> modes.isEmpty() ? "" : modes.getFirst()));
    }

    private static String mode(Protocol protocol) {
        return protocol.name().toLowerCase(Locale.ROOT);
    }
}
