package io.tickstorm.cli;

import io.tickstorm.cli.fleet.Answer;
import io.tickstorm.cli.fleet.Calls;
import io.tickstorm.cli.fleet.Findings;
import io.tickstorm.cli.fleet.Fleet;
import io.tickstorm.cli.fleet.Place;
import io.tickstorm.cli.fleet.Pod;
import io.tickstorm.cli.fleet.Site;
import io.tickstorm.cli.show.StatusText;
import io.tickstorm.cli.show.WhyText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tickstorm why}. */
@Command(
        description = {
            "Say why a pod gets work or none, or what became of a request.",
            "Of a pod of the backends, a backend or a listener: why it gets work or none. Of a request, by the X-Request-Id that"
                    + " its answer carried: what became of it, and which attempts were made; kept is what failed or needed more"
                    + " than one attempt. Of a proxy: what is wrong with it. All proxies are asked; what they say in the same"
                    + " words is said once."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:an answer was found",
            "1:nobody knows of it, or the clusters cannot be read",
            "2:the command line is wrong",
            "3:an answer was found, but some proxies did not answer"
        })
final class WhyCommand implements Callable<Integer> {
    private static final List<String> KINDS = List.of("upstream", "backend", "listener", "request");
    private static final int NOT_FOUND = 404;

    /** In place of a proxy's name. */
    private static final String OF_ITSELF = "the pod itself";

    @Parameters(paramLabel = "NAME", description = "A pod, a backend, a listener, or the id of a request.")
    private String name = "";

    @Mixin
    private OnlyCluster cluster = new OnlyCluster();

    @Mixin
    private Where where = new Where();

    @Mixin
    private Form form = new Form();

    /**
     * What came of asking.
     *
     * @param answers by proxy
     * @param silent why, by proxy
     * @param words of those that know nothing
     */
    private record Asked(
            int proxies, Map<String, List<JsonObject>> answers, Map<String, String> silent, List<String> words) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var open = where.ask()) {
            var place = open.place();
            var calls = open.calls();
            var asked = new Asked(0, new LinkedHashMap<>(), new TreeMap<>(), new ArrayList<>());
            for (var site : cluster.of(place)) {
                if (site.proxies().stream().anyMatch(pod -> pod.name().equals(name))) {
                    return proxy(calls.look(site));
                }
                asked = ask(calls, site, asked);
            }
            if (asked.answers().isEmpty()) {
                pod(place, asked);
            }
            if (asked.answers().isEmpty()) {
                throw new IOException(unknown(asked));
            }
            System.out.print(form.text() ? text(asked) : form.output().write(tree(asked)));
            System.out.flush();
            return asked.silent().isEmpty() ? Main.DONE : Main.NOT_WELL;
        }
    }

    /** Every question at once: only the proxies know what a name is the name of. */
    private Asked ask(Calls calls, Site site, Asked before) throws InterruptedException {
        var proxies = site.proxies();
        var asked = new Asked(before.proxies() + proxies.size(), before.answers(), before.silent(), before.words());
        for (var kind : KINDS) {
            var path = "/why?" + kind + "=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
            // Who was silent is not waited for again.
            var left = proxies.stream()
                    .filter(pod -> !asked.silent().containsKey(pod.name()))
                    .toList();
            for (var entry : calls.ask(left, pod -> calls.get(pod, path)).entrySet()) {
                add(asked, entry.getKey(), entry.getValue());
            }
            if (!asked.answers().isEmpty()) {
                return asked;
            }
        }
        return asked;
    }

    /** A pod that no proxy has heard of yet says itself why. */
    private void pod(Place place, Asked asked) throws IOException {
        cluster.of(place).stream()
                .flatMap(site -> site.pods().stream())
                .filter(pod -> pod.name().equals(name))
                .findFirst()
                .ifPresent(pod -> asked.answers()
                        .put(
                                OF_ITSELF,
                                List.of(new JsonObject()
                                        .put("verdict", name + " gets no new work: no proxy that answers knows of it.")
                                        .put(
                                                "because",
                                                new JsonArray(
                                                        pod.troubles().isEmpty()
                                                                ? List.of("it is not a ready endpoint: " + pod.phase())
                                                                : pod.troubles())))));
    }

    private static void add(Asked asked, Pod pod, Answer answer) {
        switch (answer) {
            case Answer.Told told
            when told.done() ->
                asked.answers()
                        .put(
                                pod.name(),
                                told.body().getJsonArray("answers", new JsonArray()).stream()
                                        .map(JsonObject.class::cast)
                                        .toList());
            case Answer.Told told
            when told.status() == NOT_FOUND -> asked.words().add(told.error());
            case Answer.Told told -> asked.silent().put(pod.name(), told.error());
            case Answer.Silent(var why) -> asked.silent().put(pod.name(), why);
        }
    }

    private String unknown(Asked asked) {
        var known = asked.words().stream()
                .filter(words -> !words.startsWith("request: "))
                .map(words -> words.replaceFirst(": .* \\(expected: ", "s: ").replaceFirst("\\)$", ""))
                .distinct()
                .toList();
        var requests = asked.words().stream()
                .filter(words -> words.startsWith("request: "))
                .findFirst();
        return name + ": no proxy knows of it (expected: a pod, a backend, a listener or the id of a request"
                + (known.isEmpty() ? "" : "; " + String.join("; ", known))
                + requests.map(words -> "; requests: "
                                + words.replaceFirst("^[^(]*\\(expected: ", "").replaceFirst("\\)$", ""))
                        .orElse("")
                + ")"
                + (asked.silent().isEmpty()
                        ? ""
                        : "; " + asked.silent().size() + " of " + asked.proxies() + " proxies did not answer: "
                                + asked.silent());
    }

    private String text(Asked asked) {
        var out = new StringBuilder(
                WhyText.of(asked.answers(), asked.proxies() - asked.silent().size(), Form.style()));
        asked.silent()
                .forEach((proxy, why) -> out.append("Not asked: ")
                        .append(proxy)
                        .append(": ")
                        .append(why)
                        .append('\n'));
        return out.toString();
    }

    private Map<String, Object> tree(Asked asked) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", name);
        tree.put("answers", asked.answers());
        tree.put("silent", asked.silent());
        return tree;
    }

    /** A proxy is explained by what is wrong with it. */
    private int proxy(Fleet fleet) {
        var findings = Findings.of(fleet, Where.tool()).stream()
                .filter(finding -> finding.subject().equals(name))
                .toList();
        var only = new Fleet(
                fleet.place(),
                fleet.cluster(),
                null,
                fleet.proxies().stream()
                        .filter(proxy -> proxy.name().equals(name))
                        .toList(),
                List.of(),
                List.of());
        System.out.print(
                form.text()
                        ? StatusText.of(only, findings, Form.style())
                        : form.output().write(only.tree(findings)));
        System.out.flush();
        return Main.DONE;
    }
}
