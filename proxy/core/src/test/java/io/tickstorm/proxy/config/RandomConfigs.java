package io.tickstorm.proxy.config;

import io.tickstorm.proxy.listener.TlsSettings;
import io.tickstorm.proxy.property.Chance;
import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Key;
import io.tickstorm.proxy.settings.Problem;
import io.tickstorm.proxy.settings.Sizes;
import io.tickstorm.proxy.settings.Yaml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Configurations that chance has made of all keys that the reader takes, whoever adds them: each has a value of its range,
 * and what does not go together with the rest is taken out, as the problems say.
 */
final class RandomConfigs {
    private static final String BYTES =
            "a text of 1 to %d bytes, in which \\r, \\n, \\t, \\0, \\\\ and \\xHH stand for bytes";

    /** Values for texts, by what the reader expects of them; {@code #} is the number of the thing among its like. */
    private static final Map<String, List<String>> TEXTS = Map.ofEntries(
            Map.entry("an IP address or host name", List.of("0.0.0.0", "127.0.0.1", "fd00::#", "host-#.example")),
            Map.entry("a name of at most 63 of a-z, 0-9 and -", List.of("n#")),
            Map.entry(
                    "at most 63 of a-z, 0-9 and -, with a letter or digit at both ends",
                    List.of("a", "123", "true", "null")),
            Map.entry("a name of the DNS", List.of("tasks.web", "_http._tcp.web.example.")),
            Map.entry(
                    "an IP address, with or without a port, such as 10.96.0.10 or [::1]:5353",
                    List.of("10.96.0.10", "[fd00::a]:5353", "::1")),
            Map.entry("a text", List.of("it's: \"odd\" # text", "true", "12", "a b", "~")),
            Map.entry("a status such as 200, or a range such as 200-399", List.of("200", "200-299", "404")),
            Map.entry("a path that begins with /, without blanks and #", List.of("/", "/x?a=%23")),
            Map.entry("the name of a header or cookie", List.of("x-user", "A_1")),
            Map.entry(
                    "a cipher suite of TLS 1.2 with forward secrecy and AEAD: "
                            + String.join(", ", TlsSettings.CIPHER_SUITES),
                    TlsSettings.CIPHER_SUITES),
            Map.entry(
                    "a cookie name: at most 64 letters, digits and !#$%&'*+-.^_`|~",
                    List.of("tick", "!#$%&'*+-.^_`|~")),
            Map.entry("a media type, such as text/html or text/*", List.of("text/html", "text/*", "image/svg+xml")),
            Map.entry("a path, or nothing for standard output", List.of("a log", "")),
            Map.entry("the name of a gRPC service, such as tickstorm.v1.Ticks", List.of("tickstorm.v1.Ticks", "a")),
            Map.entry(BYTES.formatted(1024), List.of("ping\\r\\n", "\\x00\\xff \\\\")),
            Map.entry(BYTES.formatted(256), List.of("pong", "\\t\\0")),
            Map.entry(
                    "a host name, *. and a domain, or an IP address; without a port",
                    List.of("h#.example", "*.d#.example", "192.0.2.#", "2001:db8::#")),
            Map.entry(
                    "a path that begins with /, without empty and dot segments, ; \\ %2F %5C",
                    List.of("/", "/a/b", "/%7Ex/")),
            Map.entry("the name of a header", List.of("x-tenant", "A_1")),
            Map.entry("a value of at most 1024 characters of ASCII, no blank at its ends", List.of("a", "12", "a b")),
            Map.entry("a status of 500..599", List.of("500", "504", "599")),
            Map.entry(
                    "an address and port such as 10.0.0.1:8000 or [::1]:8000 or a mapping",
                    List.of("10.0.0.1:#", "[::1]:#")),
            Map.entry(
                    "an address range such as 10.0.0.0/8 or fd00::/8, without bits after the prefix",
                    List.of("10.0.0.0/8", "fd00::/8", "192.0.2.1")));

    private static final int MOST_ITEMS = 3;
    private static final int REPAIRS = 50;

    private final Survey survey = Survey.of(ProxyConfig::read);

    /** Texts that the reader expects and that are not known here: their keys are left out. */
    List<String> unknownTexts() {
        return survey.paths().stream()
                .map(survey::key)
                .filter(key -> key.shape() == Key.Shape.TEXT || isListOfTexts(key))
                .map(Key::range)
                .filter(expected -> !TEXTS.containsKey(expected))
                .distinct()
                .toList();
    }

    ProxyConfig draw(Chance chance) {
        var values = mapping("", chance, 1);
        link(values, chance);
        for (int i = 0; i < REPAIRS; i++) {
            switch (ProxyConfig.read(Yaml.write(values), "")) {
                case ConfigResult.Valid(var config) -> {
                    return config;
                }
                case ConfigResult.Invalid invalid ->
                    // each once: a second time it is missing, and what it stands in would go
                    invalid.problems().stream().map(Problem::path).distinct().forEach(path -> takeOut(values, path));
            }
        }
        throw new IllegalStateException(
                "still wrong: " + ProxyConfig.read(Yaml.write(values), "") + "\n" + Yaml.write(values));
    }

    private Map<String, Object> mapping(String prefix, Chance chance, int number) {
        var map = new LinkedHashMap<String, Object>();
        for (var path : survey.paths()) {
            var name = path.startsWith(prefix) ? path.substring(prefix.length()) : "";
            if (name.isEmpty() || name.contains(".") || name.contains("[]")) {
                continue;
            }
            var key = survey.key(path);
            if (key.required() || isList(path, "listeners") || isList(path, "backends") || chance.yes()) {
                var value = value(key, chance, number);
                if (value != null) {
                    map.put(name, value);
                }
            }
        }
        return map;
    }

    private static boolean isList(String path, String name) {
        return path.equals(name);
    }

    private @Nullable Object value(Key key, Chance chance, int number) {
        var ends = key.range().split("\\.\\.");
        return switch (key.shape()) {
            case TEXT -> text(key.range(), chance, number);
            case INTEGER -> port(key, number, chance.between(Integer.parseInt(ends[0]), Integer.parseInt(ends[1])));
            case BOOLEAN -> chance.yes();
            case DURATION -> Durations.format(chance.between(duration(ends[0]), duration(ends[1])));
            case SIZE -> Sizes.format(chance.between(size(ends[0]), size(ends[1])));
            case WORD -> chance.oneOf(List.of(key.range().split(" or ")));
            case SECTION, OPTIONAL_SECTION -> mapping(key.path() + '.', chance, number);
            case LIST ->
                isListOfTexts(key) && chance.yes() || !hasItems(key)
                        ? texts(key, chance)
                        : chance.list(1, MOST_ITEMS, i -> mapping(key.path() + "[].", chance, i + 1));
        };
    }

    /** Our own ports must differ: each kind has its own remainder. */
    private static int port(Key key, int number, int drawn) {
        int remainder = switch (key.path()) {
            case "listeners[].port" -> number;
            case "health.port" -> MOST_ITEMS + 1;
            case "admin.port" -> MOST_ITEMS + 2;
            case "metrics.port" -> MOST_ITEMS + 3;
            default -> -1;
        };
        return remainder < 0 ? drawn : drawn % 3 == 0 ? 0 : drawn / 10 * 10 % 65_000 + remainder;
    }

    private boolean hasItems(Key key) {
        return survey.paths().stream().anyMatch(path -> path.startsWith(key.path() + "[]."));
    }

    private static boolean isListOfTexts(Key key) {
        return key.shape() == Key.Shape.LIST && !key.range().isEmpty();
    }

    private static @Nullable List<String> texts(Key key, Chance chance) {
        return TEXTS.containsKey(key.range())
                ? chance.list(0, MOST_ITEMS, i -> Objects.requireNonNull(text(key.range(), chance, i + 1)))
                : null;
    }

    private static @Nullable String text(String expected, Chance chance, int number) {
        var known = TEXTS.get(expected);
        return known == null ? null : chance.oneOf(known).replace("#", Integer.toString(number));
    }

    private static Duration duration(String text) {
        return Objects.requireNonNull(Durations.parse(text));
    }

    private static long size(String text) {
        return Objects.requireNonNull(Sizes.parse(text));
    }

    /** Listeners name backends that there are. */
    private static void link(Map<String, Object> values, Chance chance) {
        var names = mappings(values.get("backends")).stream()
                .map(backend -> backend.get("name"))
                .toList();
        for (var listener : mappings(values.get("listeners"))) {
            share(listener, names, chance);
            for (var route : mappings(listener.get("routes"))) {
                share(route, names, chance);
            }
        }
        for (var backend : mappings(values.get("backends"))) {
            var discovery = new LinkedHashMap<String, Object>(asMap(backend.get("discovery")));
            var kinds = new ArrayList<>(discovery.keySet());
            var kind = kinds.isEmpty() ? "static" : chance.oneOf(kinds);
            discovery.keySet().retainAll(Set.of(kind));
            discovery.putIfAbsent(kind, new ArrayList<>());
            backend.put("discovery", discovery);
        }
    }

    private static void share(Map<String, Object> target, List<Object> names, Chance chance) {
        target.remove("backend");
        if (target.remove("backends") == null) {
            target.put("backend", chance.oneOf(names));
        } else {
            target.put(
                    "backends",
                    names.stream()
                            .map(name -> Map.of(
                                    "name",
                                    name,
                                    "weight",
                                    chance.between(1, 1_000_000),
                                    "standby",
                                    !name.equals(names.getFirst()) && chance.between(0, 1) == 1))
                            .toList());
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> mappings(@Nullable Object list) {
        return list == null ? List.of() : (List<Map<String, Object>>) list;
    }

    /** Removes what is at a path, such as {@code listeners[0].clients.requestRate}; if it is missing, what it is missing in. */
    private static void takeOut(Map<String, Object> values, String path) {
        var steps = List.of(path.replace("[", ".[").split("\\."));
        Object at = values;
        for (var step : steps.subList(0, steps.size() - 1)) {
            at = step(at, step);
        }
        boolean removed = switch (at) {
            case Map<?, ?> map -> map.remove(steps.getLast()) != null;
            case List<?> list -> index(steps.getLast()) >= list.size() || list.remove(index(steps.getLast())) != null;
            case null, default -> true;
        };
        if (!removed) {
            takeOut(values, path.substring(0, path.lastIndexOf('.')));
        }
    }

    private static @Nullable Object step(@Nullable Object at, String step) {
        return switch (at) {
            case Map<?, ?> map -> map.get(step);
            case List<?> list -> index(step) < list.size() ? list.get(index(step)) : null; // gone with another problem
            case null, default -> null;
        };
    }

    private static int index(String step) {
        return Integer.parseInt(step.substring(1, step.length() - 1));
    }
}
