package io.tickstorm.proxy.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What only looks. */
final class Questions {
    private static final List<String> ASKED = List.of("upstream", "backend", "listener", "request");

    private static final String PATHS = """
            GET  /                                        in a browser, the live page; else these paths
            GET  /state                                   listeners, backends and upstreams (JSON)
            GET  /stats;csv                               the same as HAProxy's statistics have it (CSV)
            GET  /config                                  the configuration that holds, and what is wrong with a newer one
            GET  /why?upstream=NAME                       why an upstream gets work, or none
            GET  /why?backend=NAME                        how a backend stands, and its last failures
            GET  /why?listener=NAME                       why requests of a listener failed
            GET  /why?request=ID                          why a request failed, and which attempts it made
            GET  /log-level                               what is logged
            PUT  /log-level?logger=NAME&level=LEVEL       error, warn, info, debug or trace; the root without a name
            POST /backends/NAME/upstreams/NAME/drain      gives an upstream no new work
            POST /backends/NAME/upstreams/NAME/resume     gives it work again
            """;

    private final Sources sources;

    Questions(Sources sources) {
        this.sources = sources;
    }

    Consumer<RoutingContext> paths(RoutingContext asked) {
        return context -> Replies.text(context, PATHS);
    }

    Consumer<RoutingContext> stats(RoutingContext asked) {
        var csv = StatsCsv.of(sources.state().get(), sources);
        return context -> Replies.text(context, csv);
    }

    Consumer<RoutingContext> state(RoutingContext asked) {
        var json = StateJson.of(
                sources.state().get(), sources.history(), sources.ticker().nanos());
        return context -> Replies.json(context, json);
    }

    /** The configuration has no secrets, only the paths of the files that do. */
    Consumer<RoutingContext> config(RoutingContext asked) {
        var configuration = sources.state().get().configuration();
        var yaml = configuration.running().toYaml();
        if (Replies.wantsJson(asked)) {
            var json = new JsonObject()
                    .put("configuration", new JsonObject(configuration.running().toMap()))
                    .put("problems", new JsonArray(configuration.problems()))
                    .put("refused", configuration.refused());
            return context -> Replies.json(context, json);
        }
        var text = new StringBuilder();
        if (!configuration.problems().isEmpty()) {
            text.append(
                    configuration.refused()
                            ? "# A newer configuration was refused; this one still holds:\n"
                            : "# A part of the last change was not taken over:\n");
            configuration
                    .problems()
                    .forEach(problem -> text.append("#   ").append(problem).append('\n'));
        }
        text.append(yaml);
        return context -> Replies.yaml(context, text.toString());
    }

    Consumer<RoutingContext> why(RoutingContext asked) {
        var given = ASKED.stream().filter(asked.queryParams()::contains).toList();
        if (given.size() != 1) {
            throw new Refusal(
                    Refusal.BAD_REQUEST,
                    (given.isEmpty() ? "nothing" : String.join(" and ", given)) + " (expected: exactly one of "
                            + String.join(", ", ASKED) + ")");
        }
        var kind = given.getFirst();
        var name = String.valueOf(asked.queryParams().get(kind));
        var answers = answers(kind, name);
        if (Replies.wantsJson(asked)) {
            var json = new JsonObject()
                    .put(
                            "answers",
                            new JsonArray(new ArrayList<>(
                                    answers.stream().map(Explanation::json).toList())));
            return context -> Replies.json(context, json);
        }
        var text = answers.stream().map(Explanation::text).collect(Collectors.joining("\n"));
        return context -> Replies.text(context, text);
    }

    private List<Explanation> answers(String kind, String name) {
        var why = new Why(
                sources.state().get(),
                sources.recent().latest(),
                sources.ticker().nanos());
        return switch (kind) {
            case "upstream" -> why.upstream(name);
            case "backend" -> List.of(why.backend(name));
            case "listener" -> List.of(why.listener(name));
            default -> List.of(why.request(name));
        };
    }
}
