package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.admin.State.BackendState;
import io.tickstorm.proxy.admin.State.ListenerState;
import io.tickstorm.proxy.backend.Mode;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.function.Function;

/** The state as JSON, for people and scripts. */
final class StateJson {
    private StateJson() {}

    static JsonObject of(State state) {
        return new JsonObject()
                .put("draining", state.draining())
                .put("ready", state.ready())
                .put("listeners", array(state.listeners(), StateJson::listener))
                .put("backends", array(state.backends(), StateJson::backend));
    }

    private static JsonObject listener(ListenerState listener) {
        var settings = listener.settings();
        return new JsonObject()
                .put("name", settings.name())
                .put("protocol", settings.protocol().name())
                .put("address", settings.address())
                .put("port", listener.port())
                .put(
                        "backends",
                        array(
                                settings.backends(),
                                share -> new JsonObject()
                                        .put("name", share.name())
                                        .put("weight", share.weight())))
                .put("connections", listener.connections())
                .put("accepted", listener.accepted())
                .put("refused", listener.refused());
    }

    private static JsonObject backend(BackendState state) {
        var backend = state.backend();
        var discovery = new JsonObject()
                .put("source", state.discovery().source())
                .put("synced", state.discovery().synced())
                .put("ageSeconds", state.discovery().lastContactAge().toSeconds());
        return new JsonObject()
                .put("name", backend.name())
                .put("mode", words(backend.mode()))
                .put("inFlight", backend.inFlight())
                .put("discovery", discovery)
                .put("upstreams", array(backend.upstreams(), StateJson::upstream));
    }

    private static JsonObject upstream(Upstream upstream) {
        var endpoint = upstream.endpoint();
        return new JsonObject()
                .put("name", endpoint.name())
                .put("address", upstream.id().address())
                .put("uid", upstream.id().uid())
                .put("zone", endpoint.zone())
                .put("node", endpoint.node())
                .put("weight", endpoint.weight())
                .put("condition", endpoint.condition().name())
                .put("available", upstream.available())
                .put("held", array(upstream.holds(), StateJson::words))
                .put("inFlight", upstream.inFlight())
                .put("connections", upstream.connections().open())
                .put("requests", upstream.requests())
                .put("retries", upstream.retries())
                .put("failures", upstream.failures())
                .put("connectFailures", upstream.connectFailures());
    }

    private static String words(HoldReason reason) {
        return switch (reason) {
            case NOT_READY -> "discovery says that it does not serve";
            case FAILED_CHECK -> "its health check fails";
            case EJECTED -> "it did worse than its peers, or fell silent";
            case DRAINING -> "it is leaving and finishes what it has";
            case CIRCUIT_OPEN -> "its circuit breaker is open after failures in a row";
            case UNREACHABLE -> "it refused a connection a moment ago";
        };
    }

    private static String words(Mode mode) {
        return switch (mode) {
            case NORMAL -> "normal: work goes to those that nothing holds back";
            case DRAINING -> "draining: only terminating endpoints are left, they still serve";
            case PANIC -> "panic: too few are well, so all get work that can be reached";
            case EMPTY -> "empty: there is no endpoint";
        };
    }

    private static <T> JsonArray array(Collection<T> items, Function<T, ?> each) {
        var array = new JsonArray();
        items.forEach(item -> array.add(each.apply(item)));
        return array;
    }
}
