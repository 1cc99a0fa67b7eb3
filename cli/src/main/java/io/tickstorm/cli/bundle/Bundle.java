package io.tickstorm.cli.bundle;

import io.tickstorm.cli.fleet.Answer;
import io.tickstorm.cli.fleet.Calls;
import io.tickstorm.cli.fleet.Findings;
import io.tickstorm.cli.fleet.Place;
import io.tickstorm.cli.fleet.Place.LogWish;
import io.tickstorm.cli.fleet.Pod;
import io.tickstorm.cli.fleet.Port;
import io.tickstorm.cli.fleet.Site;
import io.tickstorm.cli.show.StatusText;
import io.tickstorm.cli.show.Style;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects all that a bug report needs of clusters. What cannot be read is named and keeps nothing else from being collected. Everything is cleaned after all of it was read, for only then all secrets are known.
 */
public final class Bundle {
    /** Of each log, and of what a proxy tells. A report is sent by mail. */
    static final int MOST_BYTES = 4 << 20;

    private final Cleaner cleaner;
    private final int lines;
    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, Map<String, Object>> trees = new TreeMap<>();
    private final Map<String, String> missing = new TreeMap<>();

    /** Reads one part. */
    public interface Source<T> {
        T read() throws IOException, InterruptedException;
    }

    /** @param lines of each log at most */
    public Bundle(Cleaner cleaner, int lines) {
        this.cleaner = cleaner;
        this.lines = lines;
    }

    /** A cluster and its proxies, as far as any {@link Place} knows them. */
    public void add(Place place, Calls calls, Site site, String tool) throws InterruptedException {
        var folder = site.cluster() + "/";
        var fleet = calls.look(site);
        var findings = Findings.of(fleet, tool);
        tree(folder + "status.json", fleet.tree(findings));
        texts.put(folder + "status.txt", StatusText.of(fleet, findings, Style.PLAIN));
        var resource = site.resource();
        if (resource != null) {
            tree(folder + "resource.json", resource.getMap());
        }
        for (var proxy : fleet.proxies()) {
            proxy(calls, folder + "proxies/" + proxy.name() + "/", proxy.pod());
        }
        for (var pod : site.pods()) {
            text(folder + "logs/" + pod.name() + ".log", () -> log(place, pod, false));
            if (pod.restarts() > 0) {
                text(folder + "logs/" + pod.name() + ".previous.log", () -> log(place, pod, true));
            }
        }
    }

    /** An object of any kind, to be cleaned by the names in it. */
    public void tree(String name, Map<String, Object> tree) {
        trees.put(name, tree);
    }

    /** A part that somebody may not be allowed to read. */
    public void tree(String name, Source<Map<String, Object>> source) throws InterruptedException {
        try {
            trees.put(name, source.read());
        } catch (IOException e) {
            missing.put(name, String.valueOf(e.getMessage()));
        }
    }

    /** As {@link #tree(String, Source)}. */
    public void text(String name, Source<String> source) throws InterruptedException {
        try {
            var text = source.read();
            if (!text.isEmpty()) {
                texts.put(name, text);
            }
        } catch (IOException e) {
            missing.put(name, String.valueOf(e.getMessage()));
        }
    }

    private void proxy(Calls calls, String folder, Pod pod) throws InterruptedException {
        tree(folder + "state.json", () -> told(calls, pod, "/state"));
        tree(folder + "config.json", () -> told(calls, pod, "/config"));
        tree(folder + "log-level.json", () -> told(calls, pod, "/log-level"));
        text(folder + "metrics.txt", () -> end(calls.text(pod, Port.METRICS, "/metrics")));
    }

    private static Map<String, Object> told(Calls calls, Pod pod, String path)
            throws IOException, InterruptedException {
        var answer = calls.ask(List.of(pod), one -> calls.get(one, path)).get(pod);
        return switch (answer) {
            case Answer.Told told when told.done() -> told.body().getMap();
            case Answer.Told told -> throw new IOException(told.error());
            case Answer.Silent(var why) -> throw new IOException(why);
            case null -> throw new IOException("not asked");
        };
    }

    private String log(Place place, Pod pod, boolean previous) throws IOException {
        try (var log = place.log(pod, new LogWish(lines, null, false, previous))) {
            return end(new String(log.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static String end(String text) {
        return text.length() <= MOST_BYTES
                ? text
                : "[the beginning is left out]\n" + text.substring(text.length() - MOST_BYTES);
    }

    /** What could not be read, and why. */
    public Map<String, String> missing() {
        return Map.copyOf(missing);
    }

    /** All of it, by name, without secrets. */
    public Map<String, String> files() {
        // Trees first: they teach what to look for in the texts, and in each other.
        var clean = new LinkedHashMap<String, Map<String, Object>>();
        trees.forEach((name, tree) -> clean.put(name, cleaner.tree(tree)));
        var files = new TreeMap<String, String>();
        clean.forEach((name, tree) -> files.put(name, new JsonObject(cleaner.texts(tree)).encodePrettily() + "\n"));
        texts.forEach((name, text) -> files.put(name, cleaner.text(text)));
        files.put("README.txt", cleaner.text(readme()));
        return files;
    }

    private String readme() {
        var text = new StringBuilder("""
                What is in here was read by `tickstorm bundle`. Secrets were never read. Values of environment variables, and what
                looks like a password, token, key or cookie, stand as %s. Names, addresses and paths are as they were: look
                through it before you give it to somebody.
                """.formatted(Cleaner.REMOVED));
        if (!missing.isEmpty()) {
            text.append("\nNot in here:\n");
            missing.forEach((name, why) ->
                    text.append("  ").append(name).append(": ").append(why).append('\n'));
        }
        return text.toString();
    }
}
