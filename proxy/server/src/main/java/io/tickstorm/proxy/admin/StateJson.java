package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.admin.State.BackendState;
import io.tickstorm.proxy.admin.State.ListenerState;
import io.tickstorm.proxy.endpoint.Histogram;
import io.tickstorm.proxy.endpoint.Hold;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.history.History;
import io.tickstorm.proxy.history.Minute;
import io.tickstorm.proxy.listener.BackendShare;
import io.tickstorm.proxy.listener.RouteSettings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The state as JSON, for people and scripts; {@code docs/reference/admin.md} documents each field. */
final class StateJson {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int WHOLE = 100;
    private static final int HALF = 50;
    private static final int NEARLY_ALL = 99;

    private final History history;
    private final long now;

    private StateJson(History history, long now) {
        this.history = history;
        this.now = now;
    }

    /** @param now as the clock of the backends says */
    static JsonObject of(State state, History history, long now) {
        var writer = new StateJson(history, now);
        return new JsonObject()
                .put("draining", state.draining())
                .put("ready", state.ready())
                .put("connections", state.connections())
                .put("totalConnections", state.totalConnections())
                .put("configurationHash", state.configuration().hash())
                .put(
                        "configurationProblems",
                        new JsonArray(state.configuration().problems()))
                .put("answerBoundsMs", bounds())
                .put("listeners", array(state.listeners(), StateJson::listener))
                .put("backends", array(state.backends(), writer::backend));
    }

    private static JsonArray bounds() {
        return new JsonArray(
                Arrays.stream(Histogram.bounds()).mapToObj(StateJson::millis).toList());
    }

    private static JsonObject listener(ListenerState listener) {
        var settings = listener.settings();
        return new JsonObject()
                .put("name", settings.name())
                .put("protocol", settings.protocol().name())
                .put("address", settings.address())
                .put("port", listener.port())
                .put("backends", array(settings.backends(), StateJson::share))
                .put("routes", array(settings.routes(), StateJson::route))
                .put("connections", listener.connections())
                .put("accepted", listener.accepted())
                .put("refused", listener.refused());
    }

    private static JsonObject share(BackendShare share) {
        return new JsonObject()
                .put("name", share.name())
                .put("weight", share.weight())
                .put("standby", share.standby());
    }

    private static JsonObject route(RouteSettings route) {
        return new JsonObject()
                .put("name", route.name())
                .put("conditions", route.conditions().toString())
                .put("backends", array(route.backends(), StateJson::share));
    }

    private JsonObject backend(BackendState state) {
        var backend = state.backend();
        var discovery = new JsonObject()
                .put("source", state.discovery().source())
                .put("synced", state.discovery().synced())
                .put("ageSeconds", state.discovery().lastContactAge().toSeconds())
                .put("trouble", state.discovery().trouble());
        var serving = new HashSet<>(backend.serving());
        double shares = serving.stream().mapToDouble(Upstream::share).sum();
        var settings = state.config().settings();
        return new JsonObject()
                .put("name", backend.name())
                .put("policy", settings.balancing().policy().toString())
                .put("mode", backend.mode().name())
                .put("modeWords", Words.of(backend.mode()))
                .put("panicAttempts", backend.panics())
                .put("inFlight", backend.inFlight())
                .put("waiting", backend.queued())
                .put("waitingMost", settings.limits().queue().size())
                .put("retriesRunning", backend.retries().budget().running())
                .put("discovery", discovery)
                .put("upstreams", array(backend.upstreams(), upstream -> upstream(upstream, serving, shares)));
    }

    private JsonObject upstream(Upstream upstream, Set<Upstream> serving, double shares) {
        var endpoint = upstream.endpoint();
        var answers = upstream.tally().answers().snapshot();
        boolean serves = serving.contains(upstream);
        return new JsonObject()
                .put("name", endpoint.name())
                .put("address", upstream.id().address())
                .put("uid", upstream.id().uid())
                .put("zone", endpoint.zone())
                .put("node", endpoint.node())
                .put("weight", endpoint.weight())
                .put("condition", endpoint.condition().name())
                .put("available", upstream.available())
                .put("serving", serves)
                .put("held", array(upstream.reasons(), this::hold))
                .put("drainedByHand", upstream.drainedByHand())
                .put("warmthPercent", rounded(WHOLE * upstream.warmth()))
                .put("sharePercent", serves && shares > 0 ? rounded(WHOLE * upstream.share() / shares) : 0)
                .put("inFlight", upstream.inFlight())
                .put("connections", upstream.connections().open())
                .put("idleLimitMs", rounded(upstream.keepAlive().nanos(true) / NANOS_PER_MILLI))
                .put("full", upstream.full())
                .put("requests", upstream.tally().requests())
                .put("retries", upstream.tally().retries())
                .put("failures", upstream.tally().failures())
                .put("connectFailures", upstream.tally().connectFailures())
                .put("latencyMs", rounded(upstream.latency().at(now) / NANOS_PER_MILLI))
                .put("answers", answers.count())
                .put("p50Ms", millis(answers.within(HALF)))
                .put("p99Ms", millis(answers.within(NEARLY_ALL)))
                .put("lastMinute", minute(history.minute(upstream)));
    }

    private static JsonObject minute(Minute minute) {
        return new JsonObject()
                .put("seconds", rounded(minute.seconds()))
                .put("answers", new JsonArray(minute.answers()));
    }

    private JsonObject hold(Hold hold) {
        return new JsonObject()
                .put("reason", hold.reason().name())
                .put("detail", hold.detail())
                .put("forSeconds", Math.max(0, (now - hold.sinceNanos()) / 1_000_000_000));
    }

    /** Null beyond the last bound, where only that it was longer is known. */
    private static @Nullable Double millis(long nanos) {
        return nanos == Long.MAX_VALUE ? null : rounded(nanos / NANOS_PER_MILLI);
    }

    private static double rounded(double value) {
        return Math.round(value * WHOLE) / (double) WHOLE;
    }

    private static <T> JsonArray array(Collection<T> items, Function<T, ?> each) {
        var array = new JsonArray();
        items.forEach(item -> array.add(each.apply(item)));
        return array;
    }
}
