package io.tickstorm.proxy.admin;

import io.tickstorm.process.Probes;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/** What the probes of a proxy answer. */
public final class Health implements Probes.Status {
    private final Supplier<State> state;

    /** @param state asked for each probe, on an event loop; must not block */
    public Health(Supplier<State> state) {
        this.state = state;
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
        var open = now.listeners().stream()
                .mapToInt(State.ListenerState::connections)
                .sum();
        var available = now.backends().stream()
                .flatMap(backend -> backend.backend().upstreams().stream())
                .filter(upstream -> upstream.available())
                .count();
        return new JsonObject().put("active_connections", open).put("available_upstreams", available);
    }
}
