package io.tickstorm.cli.bundle;

import io.tickstorm.proxy.settings.Yaml;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Takes secrets out of what was read, in two steps. Where things have names it goes by these ({@link #tree}), and learns the values that it takes out; every text is then searched for those values, and
 * for what looks like a secret by itself ({@link #text}). So a password that a pod has in its environment is not in its log either. Rather too much goes than too little.
 */
public final class Cleaner {
    /** What stands in place of a secret. */
    public static final String REMOVED = "[removed]";

    /** Below that a value may be any word: to search for it everywhere would take apart what is left. */
    private static final int SHORTEST = 6;

    private static final Set<String> DROPPED =
            Set.of("managedFields", "kubectl.kubernetes.io/last-applied-configuration");

    /** What servers of other people are told when they are checked, which may begin with a password. */
    private static final Set<String> ALWAYS = Set.of("send", "stringdata");

    private static final Pattern SECRET_NAME = Pattern.compile(
            "(?i).*(passw|passphrase|passwd|secret|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|credential|authorization|cookie|session).*");

    /** Names of secrets, and where they are, are none. */
    private static final Pattern PLACE_NAME =
            Pattern.compile("(?i).*(name|ref|file|path|kind|type|id|mode|policy|seconds|audience|affinity)$");

    /** Variables whose values stand in many places, and are no secret in any of them. */
    private static final Pattern PLAIN_NAME =
            Pattern.compile("(?i).*(image|policy|namespace|name|owner|host|port|level|locale|lang|tz|region|zone)$");

    private static final String WORDS =
            "password|passwd|pwd|passphrase|secret|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|credentials?|session|sig|signature|auth";

    private record Rule(Pattern pattern, String replacement) {}

    private static final List<Rule> RULES = List.of(
            new Rule(
                    Pattern.compile(
                            "-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|$)",
                            Pattern.DOTALL),
                    REMOVED),
            new Rule(Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*"), REMOVED),
            new Rule(Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9._~+/=-]{6,}"), "$1 " + REMOVED),
            new Rule(
                    Pattern.compile(
                            "(?i)\\b(authorization|proxy-authorization|cookie|set-cookie|x-api-key)(\\\\?[\"']?\\s*[:=]\\s*\\\\?[\"']?)(?!null\\b)[^\"'\\r\\n{\\[][^\"'\\r\\n]*"),
                    "$1$2" + REMOVED),
            new Rule(
                    Pattern.compile("(?i)\\b([a-z0-9_.-]*(?:" + WORDS
                            + "))(\\\\?[\"']?\\s*[=:]\\s*\\\\?[\"']?)[^\\s\"'&,;\\\\{}\\[\\]()]{3,}"),
                    "$1$2" + REMOVED),
            new Rule(Pattern.compile("(?i)(--?[a-z0-9-]*(?:" + WORDS + "))\\s+[^\\s\"'-][^\\s\"']*"), "$1 " + REMOVED),
            new Rule(Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*://)[^/\\s:@\"']*:[^/\\s@\"']+@"), "$1" + REMOVED + "@"),
            new Rule(Pattern.compile("(\"path\"\\s*:\\s*\"[^\"?]*)\\?[^\"]*\""), "$1?" + REMOVED + "\""),
            new Rule(Pattern.compile("\\b(AKIA|ASIA)[0-9A-Z]{16}\\b"), REMOVED),
            new Rule(
                    Pattern.compile(
                            "\\b(gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|glpat-[A-Za-z0-9_-]{16,})"),
                    REMOVED));

    private final Set<String> known =
            new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /** A secret of whoever asks, which has no business in any text. */
    public void know(@Nullable String secret) {
        if (secret != null && secret.strip().length() >= SHORTEST) {
            known.add(secret.strip());
        }
    }

    /** A copy without secrets of an object as JSON or YAML has it, by the names of its parts. */
    public Map<String, Object> tree(Map<?, ?> object) {
        var clean = new LinkedHashMap<String, Object>();
        var named = object.get("name") instanceof String name && object.get("value") instanceof String ? name : null;
        var secret = "Secret".equals(object.get("kind"));
        object.forEach((any, value) -> {
            var key = String.valueOf(any);
            if (DROPPED.contains(key)) {
                return;
            }
            if (key.equals("value")
                    && named != null
                    && PLAIN_NAME.matcher(named).matches()
                    && !secretName(named)) {
                clean.put(key, REMOVED);
            } else if (secret && (key.equals("data") || key.equals("stringData"))
                    || key.equals("value") && named != null
                    || ALWAYS.contains(key.toLowerCase(Locale.ROOT))) {
                clean.put(key, remove(value));
            } else if (value instanceof String && secretName(key)) {
                clean.put(key, remove(value));
            } else {
                clean.put(key, part(key, value));
            }
        });
        return clean;
    }

    /** A text without the secrets that are known by now, and without what looks like one. */
    public String text(String text) {
        var clean = text;
        for (var secret : known) {
            for (var form : forms(secret)) {
                clean = clean.replace(form, REMOVED);
            }
        }
        for (var rule : RULES) {
            clean = rule.pattern().matcher(clean).replaceAll(rule.replacement());
        }
        return clean;
    }

    /** As {@link #text}, of every text in an object that was cleaned by its names. */
    public Map<String, Object> texts(Map<?, ?> object) {
        var clean = new LinkedHashMap<String, Object>();
        object.forEach((key, value) -> clean.put(String.valueOf(key), texts(value)));
        return clean;
    }

    private @Nullable Object texts(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> texts(map);
            case List<?> list -> {
                var clean = new ArrayList<Object>();
                list.forEach(item -> clean.add(texts(item)));
                yield clean;
            }
            case String text -> text(text);
            case null, default -> value;
        };
    }

    private static boolean secretName(String name) {
        return SECRET_NAME.matcher(name).matches() && !PLACE_NAME.matcher(name).matches();
    }

    private @Nullable Object part(String key, @Nullable Object value) {
        return switch (value) {
            case JsonObject object -> tree(object.getMap());
            case Map<?, ?> map -> tree(map);
            case JsonArray array -> list(array.getList());
            case List<?> list -> list(list);
            case String text -> string(key, text);
            case null, default -> value;
        };
    }

    /** A list of arguments may have the secret in the place after its name. */
    private List<Object> list(List<?> items) {
        var clean = new ArrayList<Object>();
        var expected = false;
        for (var item : items) {
            if (expected && item instanceof String) {
                clean.add(remove(item));
            } else {
                clean.add(part("", item));
            }
            expected = item instanceof String flag && flag.startsWith("-") && flag.indexOf('=') < 0 && secretName(flag);
            if (item instanceof String flag && flag.startsWith("-") && flag.indexOf('=') > 0) {
                var name = flag.substring(0, flag.indexOf('='));
                if (secretName(name)) {
                    remove(flag.substring(flag.indexOf('=') + 1));
                }
            }
        }
        return clean;
    }

    /** Texts within objects may be objects themselves, as in ConfigMaps. */
    private String string(String key, String text) {
        if (text.startsWith("{")) {
            try {
                return new JsonObject(tree(new JsonObject(text).getMap())).encodePrettily();
            } catch (DecodeException e) {
                return text;
            }
        }
        if (key.endsWith(".yaml") || key.endsWith(".yml")) {
            return yaml(text);
        }
        return text;
    }

    /** As {@link #tree}, of a text in YAML; one that cannot be read is left to {@link #text}. */
    String yaml(String text) {
        try {
            return new Load(LoadSettings.builder().build()).loadFromString(text) instanceof Map<?, ?> map
                    ? Yaml.write(tree(map))
                    : text;
        } catch (YamlEngineException e) {
            return text;
        }
    }

    private @Nullable Object remove(@Nullable Object value) {
        switch (value) {
            case String text -> know(text);
            case Map<?, ?> map ->
                map.values().forEach(item -> {
                    if (item instanceof String text) {
                        know(text);
                        decoded(text);
                    }
                });
            case JsonObject object -> remove(object.getMap());
            case null, default -> {
                // Nothing that could be searched for.
            }
        }
        return value == null ? null : REMOVED;
    }

    private void decoded(String text) {
        try {
            know(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            // Not Base64, so known as it is.
        }
    }

    /** How a value may be written. */
    private static List<String> forms(String secret) {
        var quoted = new JsonArray(List.of(secret)).encode();
        return List.of(
                secret,
                quoted.substring(2, quoted.length() - 2),
                URLEncoder.encode(secret, StandardCharsets.UTF_8),
                Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
    }
}
