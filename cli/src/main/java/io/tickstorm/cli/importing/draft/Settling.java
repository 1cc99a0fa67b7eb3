package io.tickstorm.cli.importing.draft;

import io.tickstorm.proxy.settings.Problem;
import io.tickstorm.proxy.settings.Yaml;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Takes out of a result what its own reader refuses, and tells the directives that asked for it in the reader's words. So what
 * is left is accepted, whatever a translation knows of ranges.
 */
final class Settling {
    /**
     * What goes as a whole if anything in it is refused: a route with a condition less would take what is not its own, and a
     * listener without its TLS would speak in plain.
     */
    private static final Pattern WHOLE = Pattern.compile("(.*listeners\\[\\d+]\\.routes\\[\\d+])\\..*"
            + "|(.*listeners\\[\\d+])\\.(?:tls|proxyProtocol)\\b.*"
            + "|(.*backends\\[\\d+]\\.discovery\\.(?:static\\[\\d+]|dns))\\..*"
            + "|(.*backends\\[\\d+])\\.tls\\b.*");

    private final Settings result;
    private final Function<String, List<Problem>> reader;
    private final Map<String, String> refused = new HashMap<>();

    private Settling(Settings result, Function<String, List<Problem>> reader) {
        this.result = result;
        this.reader = reader;
    }

    /** The text of the result that the reader accepts; empty if nothing of it can stand. */
    static Optional<String> settle(Settings result, Function<String, List<Problem>> reader) {
        return new Settling(result, reader).settled();
    }

    private Optional<String> settled() {
        while (true) {
            var text = Yaml.write(result.toMap());
            var problems = reader.apply(text);
            if (problems.isEmpty()) {
                return Optional.of(text);
            }
            // One after the other: what goes changes the numbers of what comes after it, and what it was refused for.
            // The deepest
            // first: a server that is wrong makes its list wrong.
            var deepest = problems.stream().min(Comparator.comparingInt(problem -> -depth(problem.path())));
            if (!refuse(deepest.orElseThrow())) {
                return Optional.empty();
            }
        }
    }

    private static int depth(String path) {
        return (int) path.chars().filter(sign -> sign == '.' || sign == '[').count();
    }

    private boolean refuse(Problem problem) {
        // what is missing now may have been refused before
        var why = problem.message().startsWith("missing")
                ? refused.getOrDefault(problem.path(), problem.message())
                : problem.message();
        refused.put(problem.path(), why);
        var path = whole(problem.path());
        while (!path.isEmpty()) {
            if (result.refuse(path, why)) {
                return true;
            }
            // it is missing: then what it is missing in cannot stand
            path = path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : "";
        }
        return false;
    }

    private static String whole(String path) {
        var match = WHOLE.matcher(path);
        if (!match.matches()) {
            return path;
        }
        for (int group = 1; group <= match.groupCount(); group++) {
            if (match.group(group) != null) {
                return match.group(group);
            }
        }
        return path;
    }
}
