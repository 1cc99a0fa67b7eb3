package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.admin.State.BackendState;
import io.tickstorm.proxy.admin.State.ListenerState;
import io.tickstorm.proxy.endpoint.Hold;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.history.History;
import io.tickstorm.proxy.history.Rates;
import io.tickstorm.proxy.listener.BackendShare;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the live page is told twice a second. Our own page is its only reader, so unlike {@link StateJson} it may change at will; what
 * is usual is left out, since it is long enough with hundreds of upstreams.
 */
final class LiveJson {
    /** So that one look costs no more than about 300 KB; {@code /state} has all. */
    static final int MOST_UPSTREAMS = 1000;

    private static final double MILLIS = 1000;
    private static final int WHOLE = 100;
    private static final long NANOS = 1_000_000_000;

    private final History history;
    private final long now;
    private int room = MOST_UPSTREAMS;

    private LiveJson(History history, long now) {
        this.history = history;
        this.now = now;
    }

    /** Not on an event loop: it may wait, and takes a millisecond for each hundred upstreams. */
    static JsonObject of(State state, Sources sources, boolean needsToken) {
        return new LiveJson(sources.history(), sources.ticker().nanos())
                .of(state, needsToken)
                .put("at", sources.clock().millis());
    }

    private JsonObject of(State state, boolean needsToken) {
        var configuration = state.configuration();
        var everybody = state.backends().stream()
                .flatMap(backend -> backend.backend().upstreams().stream())
                .toList();
        return rates(history.rates(everybody))
                .put("token", needsToken)
                .put("draining", state.draining())
                .put("ready", state.ready())
                .put("connections", state.connections())
                .put("inFlight", everybody.stream().mapToInt(Upstream::inFlight).sum())
                .put(
                        "configuration",
                        new JsonObject()
                                .put("hash", configuration.hash())
                                .put("refused", configuration.refused())
                                .put("problems", new JsonArray(configuration.problems())))
                .put("listeners", array(state.listeners(), this::listener))
                .put("backends", array(state.backends(), this::backend));
    }

    private JsonObject listener(ListenerState listener) {
        var settings = listener.settings();
        var rates = history.rates(settings.name(), listener.traffic());
        return new JsonObject()
                .put("name", settings.name())
                .put("protocol", settings.protocol().name())
                .put("tls", settings.tls() != null)
                .put("address", settings.address() + ":" + listener.port())
                .put("connections", listener.connections())
                .put("most", settings.limits().maxConnections())
                .put("rate", rounded(rates.requests()))
                .put("errors", rounded(rates.errors()))
                .put("in", Math.round(rates.bytesIn()))
                .put("out", Math.round(rates.bytesOut()))
                .put("accepted", listener.accepted())
                .put("refused", listener.refused())
                .put(
                        "backends",
                        new JsonArray(settings.allBackends()
                                .map(BackendShare::name)
                                .distinct()
                                .toList()));
    }

    private JsonObject backend(BackendState state) {
        var backend = state.backend();
        var upstreams = backend.upstreams();
        var serving = new HashSet<>(backend.serving());
        double shares = serving.stream().mapToDouble(Upstream::share).sum();
        var rates = history.rates(upstreams);
        var shown = shown(upstreams, serving);
        return rates(rates)
                .put("name", backend.name())
                .put("policy", state.config().settings().balancing().policy().toString())
                .put("mode", backend.mode().name())
                .put("modeWords", Words.of(backend.mode()))
                .put("discovered", backend.discovered())
                .put("endpoints", Words.of(state.discovery()))
                .put("trouble", state.discovery().trouble())
                .put("inFlight", backend.inFlight())
                .put("waiting", backend.queued())
                .put("waitingMost", state.config().settings().limits().queue().size())
                .put("serving", serving.size())
                .put("all", upstreams.size())
                .put("more", upstreams.size() - shown.size())
                .put("upstreams", array(shown, upstream -> upstream(upstream, serving, shares, rates.requests())));
    }

    /** If not all fit, those that get no work come first. */
    private List<Upstream> shown(List<Upstream> upstreams, Set<Upstream> serving) {
        var shown = upstreams.size() <= room
                ? upstreams
                : upstreams.stream()
                        .sorted(Comparator.comparing(upstream -> serving.contains(upstream) && upstream.available()))
                        .limit(room)
                        .toList();
        room -= shown.size();
        return shown;
    }

    private JsonObject upstream(Upstream upstream, Set<Upstream> serving, double shares, double all) {
        var endpoint = upstream.endpoint();
        var tally = upstream.tally();
        boolean serves = serving.contains(upstream);
        var rates = history.rates(upstream);
        var json = rates(rates)
                .put("name", endpoint.name())
                .put("address", upstream.id().address())
                .put("serving", serves)
                .put("fair", serves && shares > 0 ? rounded(WHOLE * upstream.share() / shares) : 0)
                .put("inFlight", upstream.inFlight())
                .put("requests", tally.requests())
                .put("failures", tally.failures())
                .put("retries", tally.retries());
        put(json, "uid", upstream.id().uid(), !upstream.id().uid().isEmpty());
        put(json, "zone", endpoint.zone(), endpoint.zone() != null);
        put(json, "weight", endpoint.weight(), endpoint.weight() != 1);
        put(json, "got", rounded(WHOLE * rates.requests() / all), all > 0);
        put(json, "warmth", rounded(WHOLE * upstream.warmth()), upstream.warmth() < 1);
        put(json, "full", true, upstream.full());
        put(json, "byHand", true, upstream.drainedByHand());
        put(json, "held", array(upstream.reasons(), this::hold), !upstream.available());
        return json;
    }

    private static void put(JsonObject json, String name, @Nullable Object value, boolean unusual) {
        if (unusual) {
            json.put(name, value);
        }
    }

    private JsonObject hold(Hold hold) {
        return new JsonObject()
                .put("reason", hold.reason().name())
                .put("detail", hold.detail())
                .put("seconds", Math.max(0, (now - hold.sinceNanos()) / NANOS));
    }

    private static JsonObject rates(Rates rates) {
        return new JsonObject()
                .put("rate", rounded(rates.requests()))
                .put("failed", rounded(rates.failures()))
                .put("retried", rounded(rates.retries()))
                .put("p50", millis(rates.p50()))
                .put("p99", millis(rates.p99()));
    }

    private static @Nullable Double millis(double seconds) {
        return Double.isNaN(seconds) ? null : rounded(seconds * MILLIS);
    }

    private static double rounded(double value) {
        return Math.round(value * WHOLE) / (double) WHOLE;
    }

    private static <T> JsonArray array(Collection<T> items, Function<T, JsonObject> each) {
        var array = new JsonArray();
        items.forEach(item -> array.add(each.apply(item)));
        return array;
    }
}
