package io.tickstorm.proxy.admin;

import io.tickstorm.process.LogLevels;
import io.tickstorm.proxy.admin.State.BackendState;
import io.tickstorm.proxy.endpoint.Upstream;
import io.tickstorm.proxy.history.Kind;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** What changes something, by hand. */
final class Changes {
    private static final Logger log = LoggerFactory.getLogger(Changes.class);
    private static final Pattern LOGGER = Pattern.compile("[A-Za-z0-9_$.-]{1,200}");

    /** Each is kept for good, and a person has a handful. */
    private static final int MOST_LOGGERS = 100;

    private final Sources sources;

    Changes(Sources sources) {
        this.sources = sources;
    }

    Consumer<RoutingContext> drain(RoutingContext asked) {
        return moved(asked, true);
    }

    Consumer<RoutingContext> resume(RoutingContext asked) {
        return moved(asked, false);
    }

    private Consumer<RoutingContext> moved(RoutingContext asked, boolean drained) {
        var name = String.valueOf(asked.pathParam("upstream"));
        var state = Named.backend(sources.state().get(), String.valueOf(asked.pathParam("backend")));
        var backend = state.backend();
        var upstream = Named.upstream(state, name);
        var done = CompletableFuture.supplyAsync(
                        () -> drained ? backend.drain(upstream.id()) : backend.resume(upstream.id()), sources.control())
                .join();
        if (!done) {
            throw Named.unknown("upstream", name, Named.names(state));
        }
        log.info(
                "{} of {} {} by hand, from {}",
                upstream,
                backend.name(),
                drained ? "drained" : "resumed",
                asked.request().remoteAddress());
        sources.timeline()
                .add(
                        drained ? Kind.DRAINING : Kind.RESUMED,
                        backend.name(),
                        upstream + (drained ? " is drained by hand" : " is not drained by hand any more"));
        var json = new JsonObject()
                .put("backend", backend.name())
                .put("upstream", upstream.endpoint().name())
                .put("address", upstream.id().address())
                .put("drainedByHand", upstream.drainedByHand())
                .put("inFlight", upstream.inFlight())
                .put("message", message(state, upstream, drained));
        return context -> Replies.json(context, json);
    }

    private static String message(BackendState state, Upstream upstream, boolean drained) {
        var serving = state.backend().serving();
        if (drained) {
            var others = serving.stream().filter(other -> other != upstream).count();
            return upstream + " gets no new work and finishes what it has; "
                    + (others == 0
                            ? "nobody else is left, so it may get work all the same: "
                                    + Words.of(state.backend().mode())
                            : Words.count(others, "other") + " of its backend serve" + (others == 1 ? "s" : "")
                                    + "; it stays so until it is resumed, or this proxy ends");
        }
        return serving.contains(upstream)
                ? upstream + " gets work again"
                : upstream + " is not drained by hand any more, but gets no work: ask /why?upstream="
                        + upstream.endpoint().name();
    }

    Consumer<RoutingContext> levels(RoutingContext asked) {
        var json = json();
        return context -> Replies.json(context, json);
    }

    Consumer<RoutingContext> level(RoutingContext asked) {
        var parameters = asked.queryParams();
        var logger = Objects.requireNonNullElse(parameters.get("logger"), LogLevels.ROOT);
        var level = Objects.requireNonNullElse(parameters.get("level"), "");
        if (!LogLevels.names().contains(level)) {
            throw new Refusal(
                    Refusal.BAD_REQUEST,
                    "level: " + (level.isEmpty() ? "missing" : level) + " (expected: one of "
                            + String.join(", ", LogLevels.names()) + ")");
        }
        if (!LOGGER.matcher(logger).matches()) {
            throw new Refusal(
                    Refusal.BAD_REQUEST, "logger: " + logger + " (expected: the name of a logger or of a package)");
        }
        var known = sources.levels().levels();
        if (known.size() >= MOST_LOGGERS && !known.containsKey(logger)) {
            throw new Refusal(
                    Refusal.CONFLICT,
                    "logger: " + logger + " (expected: one of the " + MOST_LOGGERS + " that have a level already)");
        }
        sources.levels().set(logger, Level.valueOf(level.toUpperCase(Locale.ROOT)));
        log.info("{} logs {} and above, from {}", logger, level, asked.request().remoteAddress());
        return levels(asked);
    }

    private JsonObject json() {
        var levels = new JsonObject();
        sources.levels()
                .levels()
                .forEach((logger, level) -> levels.put(logger, level.toString().toLowerCase(Locale.ROOT)));
        return new JsonObject().put("levels", levels);
    }
}
