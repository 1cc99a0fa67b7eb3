package io.tickstorm.proxy.admin;

import io.tickstorm.process.Probes;
import io.tickstorm.proxy.admin.State.BackendState;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.time.Ticker;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What the probes of a proxy answer. */
public final class Health implements Probes.Status {
    private static final String HEALTHY = "healthy";
    /** It works, but somebody should look. */
    private static final String DEGRADED = "degraded";

    private static final String UNHEALTHY = "unhealthy";

    /** So that an answer stays readable; {@code /state} has all of them. */
    private static final int SHOWN = 20;

    private final Supplier<State> state;
    private final Ticker ticker;

    /**
     * @param state asked for each probe, on an event loop; must not block
     * @param ticker the clock of the backends
     */
    public Health(Supplier<State> state, Ticker ticker) {
        this.state = state;
        this.ticker = ticker;
    }

    private record Check(String name, String status, List<String> reasons) {
        JsonObject json() {
            return new JsonObject().put("name", name).put("status", status).put("reasons", new JsonArray(reasons));
        }
    }

    @Override
    public boolean ready() {
        return state.get().ready();
    }

    @Override
    public boolean draining() {
        return state.get().draining();
    }

    @Override
    public JsonObject health() {
        var now = state.get();
        var available = now.backends().stream()
                .flatMap(backend -> backend.backend().upstreams().stream())
                .filter(Upstream::available)
                .count();
        var checks = new ArrayList<Check>();
        checks.add(listeners(now));
        now.backends().forEach(backend -> checks.add(backend(backend)));
        checks.add(configuration(now.configuration()));
        var body = new JsonObject()
                .put("active_connections", now.connections())
                .put("total_connections", now.totalConnections())
                .put("available_upstreams", available);
        if (now.ready()
                && !now.draining()
                && checks.stream().anyMatch(check -> !check.status().equals(HEALTHY))) {
            body.put("status", DEGRADED);
        }
        return body.put("checks", new JsonArray(checks.stream().map(Check::json).toList()));
    }

    private static Check listeners(State now) {
        var bound = now.listeners().stream()
                .map(listener -> listener.settings().name() + " accepts "
                        + listener.settings().protocol() + " on "
                        + listener.settings().address() + ":" + listener.port() + ", "
                        + Words.count(listener.connections(), "connection") + " open")
                .toList();
        return bound.isEmpty()
                ? new Check("listeners", UNHEALTHY, List.of("no port is open"))
                : new Check("listeners", HEALTHY, bound);
    }

    private Check backend(BackendState state) {
        var backend = state.backend();
        var discovery = state.discovery();
        var name = "backend " + backend.name();
        if (!backend.discovered()) {
            return new Check(
                    name,
                    UNHEALTHY,
                    List.of("nothing was heard yet from " + discovery.source()
                            + (discovery.trouble() == null ? "" : ": " + discovery.trouble())));
        }
        var upstreams = backend.upstreams();
        var held = upstreams.stream().filter(upstream -> !upstream.available()).toList();
        var reasons = new ArrayList<String>();
        reasons.add((upstreams.size() - held.size()) + " of " + Words.count(upstreams.size(), "upstream")
                + " available; " + Words.of(backend.mode()));
        reasons.add("endpoints by " + Words.of(discovery));
        long now = ticker.nanos();
        held.stream()
                .limit(SHOWN)
                .forEach(upstream -> upstream.reasons()
                        .forEach(hold -> reasons.add(upstream + " is held back, " + Words.of(hold, now))));
        if (held.size() > SHOWN) {
            reasons.add("and " + (held.size() - SHOWN) + " more; /state on the admin port names all");
        }
        boolean fine = held.isEmpty() && !upstreams.isEmpty() && discovery.trouble() == null;
        return new Check(name, fine ? HEALTHY : DEGRADED, reasons);
    }

    private static Check configuration(State.ConfigState configuration) {
        if (configuration.problems().isEmpty()) {
            return new Check("configuration", HEALTHY, List.of("all of it is taken over"));
        }
        var reasons = new ArrayList<String>();
        reasons.add(
                configuration.refused()
                        ? "the last change was refused, what held before still holds"
                        : "a part of the last change was not taken over");
        reasons.addAll(configuration.problems());
        return new Check("configuration", DEGRADED, reasons);
    }
}
