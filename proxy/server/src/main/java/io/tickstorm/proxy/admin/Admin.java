package io.tickstorm.proxy.admin;

import io.tickstorm.process.Probes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/** The admin port: the probes of every process, and {@code GET /upstreams}. */
public final class Admin {
    private Admin() {}

    /**
     * Listens on {@code host:port}.
     *
     * @param state asked for each request, on an event loop; must not block
     * @return fails if the port cannot be bound
     */
    public static Future<Probes> start(Vertx vertx, String host, int port, Supplier<State> state) {
        return Probes.start(vertx, host, port, new Status(state)).map(probes -> {
            probes.router()
                    .get("/upstreams")
                    .handler(context -> context.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                            .end(StateJson.of(state.get()).toBuffer()));
            return probes;
        });
    }

    private record Status(Supplier<State> state) implements Probes.Status {
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
}
