package io.tickstorm.operator.crd;

import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsOrArray;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.tickstorm.operator.desired.ProxyWords;
import io.tickstorm.proxy.config.Settings;
import io.tickstorm.proxy.config.Settings.Setting;
import io.tickstorm.proxy.settings.Key.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The schema of the proxy's words, made from its reader, from {@code settings.yaml} and from {@code words.yaml}: what an API server can know, it refuses as the proxy would. */
final class ProxySchema {
    private static final int TEXT_LENGTH = 253;
    private static final int LIST_LENGTH = 64;

    /** Asked for once, since the reader is led through itself some hundred times. */
    static final List<Setting> ALL = Settings.all();

    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Overlay overlay = new Overlay();
    private final Set<String> absent = ProxyWords.notInTheResource().keySet();

    ProxySchema() {
        ALL.forEach(setting -> settings.put(setting.key().path(), setting));
    }

    /** What {@code spec.loadBalancer} says, of all ports and of the proxies themselves, goes into its schema. */
    void intoLoadBalancer(JSONSchemaProps balancer) {
        ProxyWords.OF_BACKENDS.forEach(word -> put(balancer, word, "backends[]." + word));
        ProxyWords.OF_THE_PROCESS.forEach(word -> put(balancer, word, word));
        rules(balancer, "backends[]");
        into(balancer.getProperties().get("listeners").getItems().getSchema(), "listeners[]", ProxyWords.OF_LISTENERS);
        var words = Stream.concat(Stream.of("discovery"), ProxyWords.OF_BACKENDS.stream())
                .toList();
        into(balancer.getProperties().get("backends").getItems().getSchema(), "backends[]", words);
    }

    private void into(JSONSchemaProps item, String path, List<String> words) {
        words.forEach(word -> put(item, word, path + "." + word));
        rules(item, path);
    }

    private void put(JSONSchemaProps parent, String word, String path) {
        parent.getProperties().put(word, schema(path));
    }

    /** What the overlay speaks of and the proxy does not have. */
    List<String> orphans() {
        return overlay.paths().stream()
                .filter(path -> !settings.containsKey(path.replaceAll("\\[]$", "")) || absent.contains(path))
                .toList();
    }

    /** The paths of all keys that the proxy's reader takes. */
    Set<String> paths() {
        return Set.copyOf(settings.keySet());
    }

    private JSONSchemaProps schema(String path) {
        var setting = settings.get(path);
        var schema = switch (setting.key().shape()) {
            case TEXT -> text(path);
            case INTEGER -> integer(setting.key().range());
            case BOOLEAN -> new JSONSchemaPropsBuilder().withType("boolean").build();
            case DURATION -> duration(path, setting.key().range());
            case SIZE -> size(setting.key().range());
            case WORD -> word(setting.key().range());
            case SECTION, OPTIONAL_SECTION -> section(path);
            case LIST -> list(path);
        };
        var said = overlay.text(path, "description");
        schema.setDescription(said.isEmpty() ? Sentences.of(setting) : said.strip());
        if (setting.key().shape() != Shape.SECTION && setting.key().shape() != Shape.OPTIONAL_SECTION) {
            overlaid(schema, path);
        }
        return schema;
    }

    private JSONSchemaProps text(String path) {
        var pattern = overlay.text(path, "pattern");
        var text = new JSONSchemaPropsBuilder()
                .withMaxLength((long) overlay.number(path, "length", TEXT_LENGTH))
                .withPattern(pattern.isEmpty() ? null : pattern);
        return overlay.is(path, "numbers")
                ? intOrString(text)
                : text.withType("string").build();
    }

    private static JSONSchemaProps intOrString(JSONSchemaPropsBuilder text) {
        return text.withXKubernetesIntOrString(true)
                .addNewAnyOf()
                .withType("integer")
                .endAnyOf()
                .addNewAnyOf()
                .withType("string")
                .endAnyOf()
                .build();
    }

    private static JSONSchemaProps integer(String range) {
        return new JSONSchemaPropsBuilder()
                .withType("integer")
                .withMinimum(Double.valueOf(lowest(range)))
                .withMaximum(Double.valueOf(highest(range)))
                .build();
    }

    private JSONSchemaProps duration(String path, String range) {
        var pattern = overlay.text(path, "pattern");
        var duration = new JSONSchemaPropsBuilder()
                .withType("string")
                .withPattern(pattern.isEmpty() ? Durations.PATTERN : pattern)
                .withMaxLength(32L)
                .build();
        var upper = "duration(self) <= duration('" + highest(range) + "')";
        // some have a lower bound that another word sets, which the reader tells only by its default
        var bounded =
                !settings.get(path).range().contains("`") && !lowest(range).equals("0s");
        add(
                duration,
                bounded ? "duration(self) >= duration('" + lowest(range) + "') && " + upper : upper,
                bounded ? "expected " + range.replace("..", " to ") : "expected at most " + highest(range));
        return duration;
    }

    private static JSONSchemaProps size(String range) {
        var size = intOrString(new JSONSchemaPropsBuilder()
                .withPattern("^[0-9]{1,15}(\\.[0-9]{1,9})?(Ki|Mi|Gi|Ti|k|M|G|T)?$")
                .withMaxLength(32L));
        add(
                size,
                "quantity(string(self)).compareTo(quantity('" + lowest(range)
                        + "')) >= 0 && quantity(string(self)).compareTo(quantity('" + highest(range) + "')) <= 0",
                "expected " + range.replace("..", " to "));
        return size;
    }

    private static JSONSchemaProps word(String range) {
        return new JSONSchemaPropsBuilder()
                .withType("string")
                .withEnum(Stream.of(range.split(" or "))
                        .<com.fasterxml.jackson.databind.JsonNode>map(TextNode::valueOf)
                        .toList())
                .build();
    }

    private JSONSchemaProps section(String path) {
        var section = new JSONSchemaPropsBuilder().withType("object").build();
        section.setProperties(properties(path));
        section.setRequired(required(path));
        rules(section, path);
        return section;
    }

    private JSONSchemaProps list(String path) {
        var items = path + "[]";
        var schema = new JSONSchemaPropsBuilder()
                .withType("array")
                .withMinItems(overlay.number(path, "least", 0) == 0 ? null : (long) overlay.number(path, "least", 0))
                .withMaxItems((long) overlay.number(path, "most", LIST_LENGTH))
                .build();
        var range = settings.get(path).key().range();
        var whole = overlay.list(path, "whole");
        var item = !children(items).isEmpty() || SecretWords.in(items)
                ? section(items)
                : whole.isEmpty() ? text(path) : integer(whole.getFirst() + ".." + whole.getLast());
        if (range.contains(": TLS_")) {
            item = word(range.substring(range.indexOf(": TLS_") + 2).replace(", ", " or "));
        }
        schema.setItems(new JSONSchemaPropsOrArray(null, item));
        var keys = overlay.list(path, "key").stream().map(Object::toString).toList();
        schema.setXKubernetesListType(keys.isEmpty() ? "atomic" : "map");
        schema.setXKubernetesListMapKeys(keys);
        return schema;
    }

    private Map<String, JSONSchemaProps> properties(String path) {
        var properties = new LinkedHashMap<String, JSONSchemaProps>();
        children(path).forEach(child -> properties.put(child.substring(path.length() + 1), schema(child)));
        SecretWords.into(properties, path);
        return properties;
    }

    private List<String> required(String path) {
        var required = children(path).stream()
                .filter(child -> overlay.is(child, "required")
                        || (settings.get(child).key().required()
                                && !overlay.is(child, "optional")
                                && siblings(settings.get(child)).isEmpty()))
                .map(child -> child.substring(path.length() + 1));
        return Stream.concat(required, SecretWords.required(path)).toList();
    }

    /** The keys right below a path that the resource has. */
    private List<String> children(String path) {
        return settings.keySet().stream()
                .filter(key -> key.startsWith(path + ".") && key.indexOf('.', path.length() + 1) < 0)
                .filter(key -> !absent.contains(key))
                .toList();
    }

    private void overlaid(JSONSchemaProps schema, String path) {
        overlay.rules(path).forEach(rule -> add(schema, rule.rule(), rule.message()));
    }

    /** Those of the overlay, and one for each word that other keys come with. */
    private void rules(JSONSchemaProps section, String path) {
        overlaid(section, path);
        settings.values().stream()
                .filter(choice -> choice.key().shape() == Shape.WORD
                        && parent(choice.key().path()).equals(path))
                .forEach(choice -> conditions(section, choice, path));
    }

    private void conditions(JSONSchemaProps section, Setting choice, String path) {
        var word = choice.key().path();
        var byWords = settings.values().stream()
                .filter(setting -> setting.conditions().containsKey(word)
                        && !absent.contains(setting.key().path()))
                .filter(setting -> setting.key().shape() != Shape.WORD
                        || !setting.key().path().equals(word))
                .filter(setting -> !hasAncestorWith(setting, word))
                .collect(Collectors.groupingBy(
                        setting -> setting.conditions().get(word), LinkedHashMap::new, Collectors.toList()));
        byWords.forEach((words, all) -> {
            var holds = "(has(self." + name(word) + ") ? self." + name(word) + " : '"
                    + choice.key().fallback() + "') in ["
                    + words.stream().map(one -> "'" + one + "'").collect(Collectors.joining(", ")) + "]";
            var keys = all.stream()
                    .map(setting -> setting.key().path().substring(path.length() + 1))
                    .toList();
            var only = name(word) + ": " + String.join(" or ", words);
            add(
                    section,
                    holds + " || !(" + keys.stream().map(ProxySchema::given).collect(Collectors.joining(" || ")) + ")",
                    String.join(", ", keys) + (keys.size() == 1 ? " goes" : " go") + " with " + only + " only; remove "
                            + (keys.size() == 1 ? "it" : "them") + ", or set " + only);
            all.stream()
                    .filter(setting -> setting.key().required()
                            && parent(setting.key().path()).equals(path))
                    .forEach(setting -> add(
                            section,
                            "!(" + holds + ") || has(self." + name(setting.key().path()) + ")",
                            name(setting.key().path()) + ": missing; it is needed with " + only));
        });
    }

    private boolean hasAncestorWith(Setting setting, String word) {
        for (var path = parent(setting.key().path()); !path.isEmpty(); path = parent(path)) {
            var ancestor = settings.get(path.replaceAll("\\[]$", ""));
            if (ancestor != null
                    && setting.conditions()
                            .get(word)
                            .equals(ancestor.conditions().get(word))) {
                return true;
            }
        }
        return false;
    }

    /** The conditions that hang on a word beside the key. */
    private static List<String> siblings(Setting setting) {
        return setting.conditions().keySet().stream()
                .filter(word -> parent(word).equals(parent(setting.key().path())))
                .toList();
    }

    /** {@code has(self.a) && has(self.a.b)}, and for lists whether an item has it. */
    private static String given(String path) {
        var list = path.indexOf("[].");
        if (list < 0) {
            var parts = new ArrayList<String>();
            for (int end = path.indexOf('.'); end >= 0; end = path.indexOf('.', end + 1)) {
                parts.add("has(self." + path.substring(0, end) + ")");
            }
            parts.add("has(self." + path + ")");
            return parts.size() == 1 ? parts.getFirst() : "(" + String.join(" && ", parts) + ")";
        }
        return "(has(self." + path.substring(0, list) + ") && self." + path.substring(0, list)
                + ".exists(item, has(item." + path.substring(list + 3) + ")))";
    }

    static void add(JSONSchemaProps schema, String rule, String message) {
        var rules = schema.getXKubernetesValidations() == null
                ? new ArrayList<ValidationRule>()
                : new ArrayList<>(schema.getXKubernetesValidations());
        var added = new ValidationRule();
        added.setRule(rule);
        added.setMessage(message);
        rules.add(added);
        schema.setXKubernetesValidations(rules);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    private static String parent(String path) {
        return path.indexOf('.') < 0 ? "" : path.substring(0, path.lastIndexOf('.'));
    }

    private static String lowest(String range) {
        return range.substring(0, range.indexOf(".."));
    }

    private static String highest(String range) {
        return range.substring(range.indexOf("..") + 2);
    }
}
